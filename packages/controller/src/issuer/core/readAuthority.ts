import { DerCursor, TAG } from '../der/DerCursor';
import { objectIdentifier } from '../der/encode';
import { OID } from './oids';

/** Of the certificate of a CA, what OpenSSL's reading does not give. */
export interface AuthorityParts {
  /** Its subject, DER. */
  subject: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Buffer;
  subjectKeyIdentifier: Buffer | undefined;
  /** Absent: none, it may have intermediates below it without limit. */
  pathLength: number | undefined;
}

const SUBJECT_KEY = objectIdentifier(OID.subjectKeyIdentifier).subarray(2);
const BASIC_CONSTRAINTS = objectIdentifier(OID.basicConstraints).subarray(2);

/** Reads the certificate of a CA, DER. Throws DerError. */
export function readAuthority(certificate: Buffer): AuthorityParts {
  const signed = new DerCursor(certificate)
    .enter(TAG.SEQUENCE, 'the certificate')
    .enter(TAG.SEQUENCE, 'the signed part');
  signed.whole(TAG.CONTEXT_0, 'the version');
  signed.whole(TAG.INTEGER, 'the serial number');
  signed.whole(TAG.SEQUENCE, 'the signature algorithm');
  signed.whole(TAG.SEQUENCE, 'the issuer');
  signed.whole(TAG.SEQUENCE, 'the validity');
  const subject = signed.whole(TAG.SEQUENCE, 'the subject');
  const publicKey = signed.whole(TAG.SEQUENCE, 'the public key');
  const parts: AuthorityParts = {
    subject,
    publicKey,
    subjectKeyIdentifier: undefined,
    pathLength: undefined,
  };
  if (signed.nextTag !== TAG.CONTEXT_3) return parts;
  const extensions = signed
    .enter(TAG.CONTEXT_3, 'the extensions')
    .enter(TAG.SEQUENCE, 'the extensions');
  while (!extensions.atEnd) {
    const extension = extensions.enter(TAG.SEQUENCE, 'an extension');
    const oid = extension.content(TAG.OBJECT_IDENTIFIER, 'its type');
    if (extension.nextTag === TAG.BOOLEAN) {
      extension.content(TAG.BOOLEAN, 'its criticality');
    }
    const value = new DerCursor(
      extension.content(TAG.OCTET_STRING, 'its value'),
    );
    if (oid.equals(SUBJECT_KEY)) {
      parts.subjectKeyIdentifier = value.content(
        TAG.OCTET_STRING,
        'the subject key identifier',
      );
    } else if (oid.equals(BASIC_CONSTRAINTS)) {
      parts.pathLength = readPathLength(value);
    }
  }
  return parts;
}

function readPathLength(value: DerCursor): number | undefined {
  const constraints = value.enter(TAG.SEQUENCE, 'the basic constraints');
  if (constraints.nextTag === TAG.BOOLEAN) {
    constraints.content(TAG.BOOLEAN, 'whether it is a CA');
  }
  if (constraints.nextTag !== TAG.INTEGER) return undefined;
  const bytes = constraints.content(TAG.INTEGER, 'the path length');
  return bytes.length <= 4 ? bytes.readIntBE(0, bytes.length) : undefined;
}
