import { KeyObject, generateKeyPairSync } from 'node:crypto';
import {
  CsrParts,
  EMPTY_ORGANIZATION,
  altNames,
  extensionRequest,
  forgeCsr,
  forgeCsrPem,
  publicKeyOf,
  uriName,
} from '../__testUtils__/forgeCsr';
import { opensslRequest } from '../__testUtils__/openssl';
import { commonName } from '../__testUtils__/testIssuer';
import { TAG } from '../der/DerCursor';
import {
  bitString,
  element,
  extension,
  objectIdentifier,
  octetString,
  sequence,
  unsignedInteger,
} from '../der/encode';
import { fromPem, toPem } from '../der/pem';
import { CsrRefusal } from './CsrRefusal';
import { OID } from './oids';
import { parseCertificateRequest } from './parseCertificateRequest';

const ID = 'spiffe://cluster.local/ns/shop-web/sa/web';
const ec = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey;
const rsa = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey;

const p256 = ec('P-256');
const rsa2048 = rsa(2048);

function refusal(pem: string): string | undefined {
  try {
    parseCertificateRequest(pem);
    return undefined;
  } catch (error) {
    if (!(error instanceof CsrRefusal)) throw error;
    return error.reason;
  }
}

const forged = (parts: Partial<CsrParts>) =>
  refusal(forgeCsrPem({ key: p256, uri: ID, ...parts }));

/** SubjectPublicKeyInfo of an RSA key of any numbers. */
function rsaNumbers(modulus: Buffer, exponent: Buffer): Buffer {
  return sequence(
    sequence(objectIdentifier(OID.rsaEncryption), element(TAG.NULL)),
    bitString(sequence(modulus, exponent)),
  );
}

const EXPONENT = unsignedInteger(Buffer.from([1, 0, 1]));
const odd = (bytes: number) => Buffer.alloc(bytes, 0xff);

describe('a certificate request', () => {
  it.each<[string, KeyObject]>([
    ['P-256', p256],
    ['P-384', ec('P-384')],
    ['rsa', rsa2048],
  ])('of a %s key gives its key and the one URI', (keyType, key) => {
    const read = parseCertificateRequest(forgeCsrPem({ key, uri: ID }));
    expect(read.keyType).toBe(keyType);
    expect(read.publicKey).toEqual(publicKeyOf(key));
    expect(read.uri.toString()).toBe(ID);
  });

  it('is taken with an empty subject and with an empty organization', () => {
    expect(forged({ subject: sequence() })).toBeUndefined();
    expect(forged({ subject: EMPTY_ORGANIZATION })).toBeUndefined();
  });

  it('is taken when OpenSSL made it', () => {
    const pem = p256.export({ type: 'pkcs8', format: 'pem' }).toString();
    const read = parseCertificateRequest(opensslRequest(pem, ID));
    expect(read.uri.toString()).toBe(ID);
  });

  it.each<[string, string, () => string | undefined]>([
    [
      'TooLarge',
      'longer than 16 KiB',
      () => refusal('x'.repeat(16 * 1024 + 1)),
    ],
    ['Malformed', 'empty', () => refusal('')],
    ['Malformed', 'no PEM', () => refusal('hello')],
    [
      'Malformed',
      'a certificate',
      () => refusal(toPem('CERTIFICATE', forgeCsr({ key: p256 }))),
    ],
    [
      'Malformed',
      'two blocks',
      () => refusal(forgeCsrPem({ key: p256 }) + forgeCsrPem({ key: p256 })),
    ],
    [
      'Malformed',
      'text before the block',
      () => refusal(`x\n${forgeCsrPem({ key: p256 })}`),
    ],
    [
      'Malformed',
      'headers inside of the block',
      () =>
        refusal(
          forgeCsrPem({ key: p256 }).replace(
            'REQUEST-----\n',
            'REQUEST-----\nProc-Type: 4,ENCRYPTED\n\n',
          ),
        ),
    ],
    [
      'Malformed',
      'bytes after the request',
      () =>
        refusal(
          toPem(
            'CERTIFICATE REQUEST',
            Buffer.concat([forgeCsr({ key: p256 }), Buffer.from([0])]),
          ),
        ),
    ],
    [
      'Malformed',
      'another version',
      () => forged({ version: element(TAG.INTEGER, Buffer.from([1])) }),
    ],
    [
      'Malformed',
      'something signed at its end',
      () => forged({ tail: EXPONENT }),
    ],
    [
      'Malformed',
      'a signature with unused bits',
      () => {
        const der = forgeCsr({ key: p256 });
        const at = der.lastIndexOf(Buffer.from([0x00, 0x30]));
        der[at] = 3;
        return refusal(toPem('CERTIFICATE REQUEST', der));
      },
    ],
    [
      'Subject',
      'a common name',
      () => forged({ subject: commonName('admin') }),
    ],
    [
      'Subject',
      'an organization',
      () =>
        forged({
          subject: sequence(
            element(
              TAG.SET,
              sequence(
                objectIdentifier(OID.organization),
                element(TAG.PRINTABLE_STRING, Buffer.from('system:masters')),
              ),
            ),
          ),
        }),
    ],
    [
      'Subject',
      'an organization beside the empty one',
      () => {
        const empty = EMPTY_ORGANIZATION.subarray(2);
        return forged({ subject: sequence(empty, empty) });
      },
    ],
    ['Name', 'no attributes', () => forged({ attributes: [] })],
    ['Name', 'no name', () => forged({ names: [] })],
    [
      'Name',
      'two URIs',
      () => forged({ names: [uriName(ID), uriName('spiffe://td/ns/a/sa/b')] }),
    ],
    ...(
      [
        ['a DNS name', 0x82],
        ['an email address', 0x81],
        ['an IP address', 0x87],
        ['a directory name', 0xa4],
        ['another name', 0xa0],
        ['a registered id', 0x88],
        ['an X.400 address', 0xa3],
        ['an EDI party name', 0xa5],
      ] as const
    ).flatMap(([what, tag]) => {
      const name = element(tag, Buffer.from('1234'));
      return [
        ['Name', what, () => forged({ names: [name] })],
        [
          'Name',
          `${what} after the URI`,
          () => forged({ names: [uriName(ID), name] }),
        ],
        [
          'Name',
          `${what} before the URI`,
          () => forged({ names: [name, uriName(ID)] }),
        ],
      ] as [string, string, () => string | undefined][];
    }),
    [
      'Extension',
      'a name that is not critical',
      () => forged({ critical: false }),
    ],
    [
      'Extension',
      'the name twice',
      () => forged({ moreExtensions: [altNames([uriName(ID)])] }),
    ],
    [
      'Extension',
      'to be a CA',
      () =>
        forged({
          moreExtensions: [
            extension(
              OID.basicConstraints,
              true,
              sequence(element(TAG.BOOLEAN, Buffer.from([0xff]))),
            ),
          ],
        }),
    ],
    [
      'Extension',
      'only an extension that is no name',
      () =>
        forged({
          extensions: [
            extension(OID.subjectKeyIdentifier, false, octetString(odd(4))),
          ],
        }),
    ],
    [
      'Extension',
      'a second attribute',
      () =>
        forged({
          moreAttributes: [extensionRequest(altNames([uriName(ID)]))],
        }),
    ],
    [
      'Extension',
      'a challenge password',
      () =>
        forged({
          attributes: [
            sequence(
              objectIdentifier('1.2.840.113549.1.9.7'),
              element(
                TAG.SET,
                element(TAG.UTF8_STRING, Buffer.from('let me in')),
              ),
            ),
          ],
        }),
    ],
    ['Key', 'a key on P-521', () => forged({ key: ec('P-521') })],
    ['Key', 'a key on secp256k1', () => forged({ key: ec('secp256k1') })],
    [
      'Key',
      'an Ed25519 key',
      () => {
        const { privateKey } = generateKeyPairSync('ed25519');
        return forged({
          key: privateKey,
          signatureAlgorithm: sequence(objectIdentifier('1.3.101.112')),
        });
      },
    ],
    ['Key', 'an RSA key of 1024 bits', () => forged({ key: rsa(1024) })],
    ['Key', 'an RSA key with exponent 3', () => forged({ key: rsa(2048, 3) })],
    [
      'Key',
      'an RSA key of 16384 bits',
      () =>
        forged({
          publicKey: rsaNumbers(unsignedInteger(odd(2048)), EXPONENT),
        }),
    ],
    [
      'Key',
      'an even RSA modulus',
      () => {
        const even = odd(256);
        even[255] = 0xfe;
        return forged({
          publicKey: rsaNumbers(unsignedInteger(even), EXPONENT),
        });
      },
    ],
    [
      'Key',
      'a negative RSA modulus',
      () =>
        forged({
          publicKey: rsaNumbers(element(TAG.INTEGER, odd(256)), EXPONENT),
        }),
    ],
    [
      'Key',
      'a huge exponent',
      () =>
        forged({
          publicKey: rsaNumbers(
            unsignedInteger(odd(256)),
            unsignedInteger(odd(200)),
          ),
        }),
    ],
    [
      'Key',
      'a compressed point',
      () => {
        const spki = publicKeyOf(p256);
        const point = Buffer.concat([
          Buffer.from([2]),
          spki.subarray(-64, -32),
        ]);
        return forged({
          publicKey: sequence(
            sequence(
              objectIdentifier(OID.ecPublicKey),
              objectIdentifier(OID.p256),
            ),
            bitString(point),
          ),
        });
      },
    ],
    [
      'Key',
      'curve parameters written out',
      () =>
        forged({
          publicKey: sequence(
            sequence(objectIdentifier(OID.ecPublicKey), sequence(EXPONENT)),
            bitString(publicKeyOf(p256).subarray(-65)),
          ),
        }),
    ],
    ['SignatureAlgorithm', 'SHA-1', () => forged({ hash: 'sha1' })],
    [
      'SignatureAlgorithm',
      'the algorithm of another type of key',
      () => forged({ signedBy: rsa2048 }),
    ],
    [
      'Signature',
      'a signature of 2000 bytes',
      () => forged({ signature: odd(2000) }),
    ],
  ])('is refused as %s: %s', (reason, _what, judge) => {
    expect(judge()).toBe(reason);
  });
});

describe('DER', () => {
  /** Puts bytes in the place of the first length byte of the request. */
  const withLength = (...length: number[]) => {
    const der = fromPem('CERTIFICATE REQUEST', forgeCsrPem({ key: p256 }))!;
    const headerLength = der[1] === 0x82 ? 4 : 3;
    return refusal(
      toPem(
        'CERTIFICATE REQUEST',
        Buffer.concat([
          der.subarray(0, 1),
          Buffer.from(length),
          der.subarray(headerLength),
        ]),
      ),
    );
  };

  it.each([
    ['of indefinite length', [0x80]],
    ['with a length that is too long', [0x82, 0xff, 0xff]],
    ['with a length of five bytes', [0x85, 0, 0, 0, 1, 0]],
    ['with a length that is not the shortest form', [0x83, 0, 1, 0x50]],
    ['with a short length in the long form', [0x81, 0x10]],
    ['with a length that is cut', [0x84]],
  ])('%s is refused', (_what, length) => {
    expect(withLength(...length)).toBe('Malformed');
  });
});
