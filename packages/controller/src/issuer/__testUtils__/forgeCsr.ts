import { KeyObject, createPublicKey, sign } from 'node:crypto';
import { TAG } from '../der/DerCursor';
import {
  bitString,
  element,
  extension,
  objectIdentifier,
  sequence,
} from '../der/encode';
import { toPem } from '../der/pem';
import { OID } from '../core/oids';

/** Everything that a request can be made of; what is absent is as pilot-agent makes it. */
export interface CsrParts {
  /** Private key; its public half stands in the request unless `publicKey` does. */
  key: KeyObject;
  /** Who signs, when it is not `key`. */
  signedBy?: KeyObject;
  publicKey?: Buffer;
  uri?: string;
  version?: Buffer;
  subject?: Buffer;
  /** GeneralNames, DER. */
  names?: Buffer[];
  critical?: boolean;
  /** Extensions in place of the one alternative name. */
  extensions?: Buffer[];
  /** Extensions beside it. */
  moreExtensions?: Buffer[];
  /** Attributes in place of the one extension request. */
  attributes?: Buffer[];
  moreAttributes?: Buffer[];
  /** After the attributes, inside of what is signed. */
  tail?: Buffer;
  hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  signatureAlgorithm?: Buffer;
  signature?: Buffer;
  /** Changes what is signed, before it is signed. */
  twist?(signed: Buffer): Buffer;
}

/** The empty organization that Go writes for pilot-agent's empty one. */
export const EMPTY_ORGANIZATION = sequence(
  element(
    TAG.SET,
    sequence(objectIdentifier(OID.organization), element(TAG.PRINTABLE_STRING)),
  ),
);

export const uriName = (uri: string) =>
  element(0x86, Buffer.from(uri, 'latin1'));

export const altNames = (names: Buffer[], critical = true) =>
  extension(OID.subjectAltName, critical, sequence(...names));

export const extensionRequest = (...extensions: Buffer[]) =>
  sequence(
    objectIdentifier(OID.extensionRequest),
    element(TAG.SET, sequence(...extensions)),
  );

const SIGNATURES: Record<string, string> = {
  'rsa/sha1': '1.2.840.113549.1.1.5',
  'rsa/sha256': OID.sha256WithRsa,
  'rsa/sha384': OID.sha384WithRsa,
  'rsa/sha512': OID.sha512WithRsa,
  'ec/sha1': '1.2.840.10045.4.1',
  'ec/sha256': OID.ecdsaWithSha256,
  'ec/sha384': OID.ecdsaWithSha384,
  'ec/sha512': OID.ecdsaWithSha512,
};

function algorithmOf(key: KeyObject, hash: string): Buffer {
  const family = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec';
  return sequence(
    objectIdentifier(SIGNATURES[`${family}/${hash}`]),
    ...(family === 'rsa' ? [element(TAG.NULL)] : []),
  );
}

export function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** A request of these parts, DER. */
export function forgeCsr(parts: CsrParts): Buffer {
  const { key, hash = 'sha256' } = parts;
  const attributes = parts.attributes ?? [
    extensionRequest(
      ...(parts.extensions ?? [
        altNames(
          parts.names ?? [uriName(parts.uri ?? 'spiffe://td/ns/n/sa/s')],
          parts.critical,
        ),
      ]),
      ...(parts.moreExtensions ?? []),
    ),
  ];
  const info = sequence(
    parts.version ?? element(TAG.INTEGER, Buffer.from([0])),
    parts.subject ?? EMPTY_ORGANIZATION,
    parts.publicKey ?? publicKeyOf(key),
    element(TAG.CONTEXT_0, ...attributes, ...(parts.moreAttributes ?? [])),
    parts.tail ?? Buffer.alloc(0),
  );
  const signed = parts.twist ? parts.twist(info) : info;
  const signer = parts.signedBy ?? key;
  const signature = parts.signature ?? signWith(signer, signed, hash);
  return sequence(
    signed,
    parts.signatureAlgorithm ?? algorithmOf(signer, hash),
    bitString(signature),
  );
}

function signWith(key: KeyObject, data: Buffer, hash: string): Buffer {
  // Edwards keys take no hash.
  const edwards = key.asymmetricKeyType?.startsWith('ed');
  return sign(edwards ? null : hash, data, key);
}

export function forgeCsrPem(parts: CsrParts): string {
  return toPem('CERTIFICATE REQUEST', forgeCsr(parts));
}
