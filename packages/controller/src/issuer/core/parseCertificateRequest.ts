import { MAX_CSR_LENGTH } from '@isthmus/plugin-gns-common';
import { DerCursor, DerError, TAG } from '../der/DerCursor';
import { objectIdentifier } from '../der/encode';
import { fromPem } from '../der/pem';
import { CsrRefusal } from './CsrRefusal';
import { OID } from './oids';

/** RSA keys, bits. Larger ones cost too much to verify. */
const RSA_BITS = { min: 2048, max: 8192 };
const MAX_SIGNATURE = RSA_BITS.max / 8;

export type HashName = 'sha256' | 'sha384' | 'sha512';

/** A request that asks for one URI and nothing else. Its signature is not verified yet. */
export interface CertificateRequest {
  /** SubjectPublicKeyInfo, DER: a key of a sound type and size, in its canonical form. */
  publicKey: Buffer;
  keyType: 'rsa' | 'P-256' | 'P-384';
  /** The signed part, DER. */
  signed: Buffer;
  hash: HashName;
  signature: Buffer;
  /** The URI that it asks for, as bytes: it may be anything. */
  uri: Buffer;
}

const bytesOf = (oid: string) => objectIdentifier(oid).subarray(2);

const RSA = bytesOf(OID.rsaEncryption);
const EC = bytesOf(OID.ecPublicKey);
const CURVES = [
  { keyType: 'P-256', oid: bytesOf(OID.p256), coordinate: 32 },
  { keyType: 'P-384', oid: bytesOf(OID.p384), coordinate: 48 },
] as const;
const EXPONENT = Buffer.from([1, 0, 1]);
const SIGNATURES: ReadonlyArray<{
  oid: Buffer;
  family: 'rsa' | 'ec';
  hash: HashName;
}> = [
  { oid: bytesOf(OID.sha256WithRsa), family: 'rsa', hash: 'sha256' },
  { oid: bytesOf(OID.sha384WithRsa), family: 'rsa', hash: 'sha384' },
  { oid: bytesOf(OID.sha512WithRsa), family: 'rsa', hash: 'sha512' },
  { oid: bytesOf(OID.ecdsaWithSha256), family: 'ec', hash: 'sha256' },
  { oid: bytesOf(OID.ecdsaWithSha384), family: 'ec', hash: 'sha384' },
  { oid: bytesOf(OID.ecdsaWithSha512), family: 'ec', hash: 'sha512' },
];
const ORGANIZATION = bytesOf(OID.organization);
const EXTENSION_REQUEST = bytesOf(OID.extensionRequest);
const SUBJECT_ALT_NAME = bytesOf(OID.subjectAltName);
const TRUE = Buffer.from([0xff]);

/** GeneralName tags (RFC 5280, 4.2.1.6), for messages. */
const GENERAL_NAMES: Record<number, string> = {
  0xa0: 'otherName',
  0x81: 'email address',
  0x82: 'DNS name',
  0xa3: 'X.400 address',
  0xa4: 'directory name',
  0xa5: 'EDI party name',
  0x87: 'IP address',
  0x88: 'registered id',
};
const URI_NAME = 0x86;

/**
 * Reads a PKCS #10 request as pilot-agent makes it: no subject (or an empty
 * organization), one attribute, in it one extension, in it one URI. Whatever
 * else it holds refuses it, so that nothing of a request can reach a
 * certificate but its key. Throws {@link CsrRefusal}.
 */
export function parseCertificateRequest(pem: string): CertificateRequest {
  if (pem.length > MAX_CSR_LENGTH) {
    throw new CsrRefusal(
      'TooLarge',
      `The certificate request has ${pem.length} characters; at most ${MAX_CSR_LENGTH} are taken`,
    );
  }
  const der = fromPem('CERTIFICATE REQUEST', pem);
  if (!der) {
    throw new CsrRefusal(
      'Malformed',
      'The certificate request is not one PEM block CERTIFICATE REQUEST',
    );
  }
  try {
    return readRequest(der);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new CsrRefusal(
      'Malformed',
      `The certificate request is malformed: ${error.message}`,
    );
  }
}

function readRequest(der: Buffer): CertificateRequest {
  const outer = new DerCursor(der);
  const request = outer.enter(TAG.SEQUENCE, 'the request');
  outer.finish('the request');

  const signed = request.whole(TAG.SEQUENCE, 'the signed part');
  const algorithm = request.enter(TAG.SEQUENCE, 'the signature algorithm');
  const signature = wholeBytes(
    request.content(TAG.BIT_STRING, 'the signature'),
    'the signature',
  );
  request.finish('the signature');

  const info = new DerCursor(signed).enter(TAG.SEQUENCE, 'the signed part');
  const version = info.content(TAG.INTEGER, 'the version');
  if (version.length !== 1 || version[0] !== 0) {
    throw new DerError('the version is not 0');
  }
  refuseSubject(info.enter(TAG.SEQUENCE, 'the subject'));
  const { publicKey, keyType } = readKey(
    info.whole(TAG.SEQUENCE, 'the public key'),
  );
  const uri = readAttributes(info);
  info.finish('the attributes');

  const hash = readSignatureAlgorithm(
    algorithm,
    keyType === 'rsa' ? 'rsa' : 'ec',
  );
  if (signature.length > MAX_SIGNATURE) {
    throw new CsrRefusal(
      'Signature',
      'The signature is longer than that of any key that is taken',
    );
  }
  return { publicKey, keyType, signed, hash, signature, uri };
}

function refuseSubject(subject: DerCursor): void {
  if (subject.atEnd) return;
  // Go's x509 writes `O=` for an organization that is the empty string.
  const set = subject.enter(TAG.SET, 'a name in the subject');
  const attribute = set.enter(TAG.SEQUENCE, 'a name in the subject');
  const type = attribute.content(
    TAG.OBJECT_IDENTIFIER,
    'the type of a name in the subject',
  );
  const isEmpty =
    type.equals(ORGANIZATION) &&
    (attribute.nextTag === TAG.PRINTABLE_STRING ||
      attribute.nextTag === TAG.UTF8_STRING) &&
    attribute.content(attribute.nextTag, 'the organization').length === 0;
  if (!isEmpty || !attribute.atEnd || !set.atEnd || !subject.atEnd) {
    throw new CsrRefusal(
      'Subject',
      'The certificate request asks for a subject; leave it empty',
    );
  }
}

function readKey(
  publicKey: Buffer,
): Pick<CertificateRequest, 'publicKey' | 'keyType'> {
  const info = new DerCursor(publicKey).enter(TAG.SEQUENCE, 'the public key');
  const algorithm = info.enter(TAG.SEQUENCE, 'the algorithm of the public key');
  const bits = wholeBytes(
    info.content(TAG.BIT_STRING, 'the bits of the public key'),
    'the public key',
  );
  info.finish('the public key');
  const type = algorithm.content(
    TAG.OBJECT_IDENTIFIER,
    'the type of the public key',
  );
  if (type.equals(EC))
    return { publicKey, keyType: readCurve(algorithm, bits) };
  if (type.equals(RSA)) {
    if (algorithm.content(TAG.NULL, 'the parameters of the key').length !== 0) {
      throw new DerError('the parameters of the key are not null');
    }
    algorithm.finish('the parameters of the key');
    checkRsa(new DerCursor(bits));
    return { publicKey, keyType: 'rsa' };
  }
  throw new CsrRefusal(
    'Key',
    'The key is of a type that is not certified; use ECDSA P-256, P-384 or RSA',
  );
}

function readCurve(algorithm: DerCursor, point: Buffer): 'P-256' | 'P-384' {
  const named = algorithm.nextTag === TAG.OBJECT_IDENTIFIER;
  const oid = named && algorithm.content(TAG.OBJECT_IDENTIFIER, 'the curve');
  const curve = oid && CURVES.find(c => c.oid.equals(oid));
  if (
    !curve ||
    !algorithm.atEnd ||
    point.length !== 1 + 2 * curve.coordinate ||
    point[0] !== 4
  ) {
    throw new CsrRefusal(
      'Key',
      'The key is on a curve that is not certified; use P-256 or P-384, named, with an uncompressed point',
    );
  }
  return curve.keyType;
}

function checkRsa(bits: DerCursor): void {
  const key = bits.enter(TAG.SEQUENCE, 'the RSA key');
  bits.finish('the RSA key');
  const modulus = key.content(TAG.INTEGER, 'the modulus');
  const exponent = key.content(TAG.INTEGER, 'the exponent');
  key.finish('the exponent');
  const padded = modulus[0] === 0;
  const digits = padded ? modulus.subarray(1) : modulus;
  if (digits.length === 0 || (digits[0] & 0x80) === 0 || !padded) {
    // Also keys whose length is no multiple of 8: nobody makes those.
    throw new CsrRefusal(
      'Key',
      'The modulus is not a positive number of a whole number of bytes in its shortest form',
    );
  }
  const size = digits.length * 8;
  if (size < RSA_BITS.min || size > RSA_BITS.max) {
    throw new CsrRefusal(
      'Key',
      `The RSA key has ${size} bits; ${RSA_BITS.min} to ${RSA_BITS.max} are taken`,
    );
  }
  if ((digits[digits.length - 1] & 1) === 0) {
    throw new CsrRefusal('Key', 'The modulus of the RSA key is even');
  }
  // Others are slow to verify or weak; every known maker of keys uses this one.
  if (!exponent.equals(EXPONENT)) {
    throw new CsrRefusal('Key', 'The exponent of the RSA key is not 65537');
  }
}

function readSignatureAlgorithm(
  algorithm: DerCursor,
  family: 'rsa' | 'ec',
): HashName {
  const oid = algorithm.content(
    TAG.OBJECT_IDENTIFIER,
    'the signature algorithm',
  );
  const known = SIGNATURES.find(s => s.family === family && s.oid.equals(oid));
  if (!known) {
    throw new CsrRefusal(
      'SignatureAlgorithm',
      'The request is signed in a way that is not taken for its key; use ECDSA or RSA PKCS #1 1.5 with SHA-256, SHA-384 or SHA-512',
    );
  }
  if (family === 'rsa') {
    if (algorithm.content(TAG.NULL, 'the signature parameters').length !== 0) {
      throw new DerError('the signature parameters are not null');
    }
  }
  algorithm.finish('the signature algorithm');
  return known.hash;
}

/** The one URI of the one extension of the one attribute. */
function readAttributes(info: DerCursor): Buffer {
  if (info.nextTag !== TAG.CONTEXT_0) {
    throw new CsrRefusal('Name', 'The certificate request asks for no name');
  }
  const attributes = info.enter(TAG.CONTEXT_0, 'the attributes');
  if (attributes.atEnd) {
    throw new CsrRefusal('Name', 'The certificate request asks for no name');
  }
  const attribute = attributes.enter(TAG.SEQUENCE, 'an attribute');
  const type = attribute.content(
    TAG.OBJECT_IDENTIFIER,
    'the type of an attribute',
  );
  if (!type.equals(EXTENSION_REQUEST) || !attributes.atEnd) {
    throw new CsrRefusal(
      'Extension',
      'The certificate request has attributes besides the requested extensions',
    );
  }
  const values = attribute.enter(TAG.SET, 'the requested extensions');
  attribute.finish('the requested extensions');
  const extensions = values.enter(TAG.SEQUENCE, 'the requested extensions');
  values.finish('the requested extensions');
  const extension = extensions.enter(TAG.SEQUENCE, 'an extension');
  const oid = extension.content(
    TAG.OBJECT_IDENTIFIER,
    'the type of an extension',
  );
  if (!oid.equals(SUBJECT_ALT_NAME) || !extensions.atEnd) {
    throw new CsrRefusal(
      'Extension',
      'The certificate request asks for extensions besides one subject alternative name',
    );
  }
  // RFC 5280, 4.1.2.6: without a subject the extension must be critical.
  const critical =
    extension.nextTag === TAG.BOOLEAN &&
    extension.content(TAG.BOOLEAN, 'the criticality').equals(TRUE);
  if (!critical) {
    throw new CsrRefusal(
      'Extension',
      'The subject alternative name is not critical, though there is no subject',
    );
  }
  const value = extension.content(TAG.OCTET_STRING, 'the alternative name');
  extension.finish('the alternative name');
  return readNames(new DerCursor(value));
}

function readNames(value: DerCursor): Buffer {
  const names = value.enter(TAG.SEQUENCE, 'the alternative names');
  value.finish('the alternative names');
  const tag = names.nextTag;
  if (tag === undefined) {
    throw new CsrRefusal('Name', 'The certificate request asks for no name');
  }
  if (tag !== URI_NAME) {
    throw new CsrRefusal(
      'Name',
      `The certificate request asks for a name of type ${
        GENERAL_NAMES[tag] ?? `0x${tag.toString(16)}`
      }; only the caller's own SPIFFE id is given`,
    );
  }
  const uri = names.content(URI_NAME, 'the URI');
  if (!names.atEnd) {
    throw new CsrRefusal(
      'Name',
      "The certificate request asks for more than one name; only the caller's own SPIFFE id is given",
    );
  }
  return uri;
}

/** Content of a BIT STRING without unused bits. */
function wholeBytes(content: Buffer, what: string): Buffer {
  if (content.length < 2 || content[0] !== 0) {
    throw new DerError(`${what} is no whole number of bytes`);
  }
  return content.subarray(1);
}
