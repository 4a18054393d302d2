import { execFileSync } from 'node:child_process';
import {
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Attributes,
  CertificationRequest,
  CertificationRequestInfo,
} from '@peculiar/asn1-csr';
import {
  AlgorithmIdentifier,
  Attribute,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { issuerSubject } from '@isthmus/plugin-gns-common';
import { localSigner } from './CaSigner';
import { keyIdOf, spkiOf } from './keyIds';
import { toAsnName, type DistinguishedName } from './names';
import { fromPem, toPem } from './pem';
import { readIssuerCsr } from './readCsr';
import {
  buildCross,
  buildIssuer,
  buildRoot,
  newLocalKey,
  type SigningRoot,
} from './roots';

const now = Date.parse('2026-11-25T10:00:00Z');
const YEAR = 365 * 24 * 3600_000;
const WEEK = 7 * 24 * 3600_000;

async function newRoot(gns = 'shop', at = now) {
  const { privateKey, publicKey } = newLocalKey();
  const signer = localSigner(privateKey, publicKey);
  const built = await buildRoot({ gns, signer, now: at, lifeMs: YEAR });
  const root: SigningRoot = {
    pem: built.pem,
    notAfter: built.notAfter,
    signer,
  };
  return { ...built, publicKey, root };
}

const subjectOf = (keyId: string) =>
  issuerSubject({ gns: 'shop', cluster: 'eu-1', keyId });

function csrOf(
  key: { privateKey: KeyObject; publicKey: KeyObject },
  over: {
    subject?: DistinguishedName;
    attributes?: Attribute[];
    version?: number;
    signWith?: KeyObject;
    algorithm?: AlgorithmIdentifier;
  } = {},
): Buffer {
  const info = new CertificationRequestInfo({
    version: over.version ?? 0,
    subject: toAsnName(over.subject ?? subjectOf(keyIdOf(key.publicKey))),
    subjectPKInfo: AsnConvert.parse(
      spkiOf(key.publicKey),
      SubjectPublicKeyInfo,
    ),
    attributes: new Attributes(over.attributes ?? []),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(info)), {
    key: over.signWith ?? key.privateKey,
    dsaEncoding: 'der',
  });
  return Buffer.from(
    AsnConvert.serialize(
      new CertificationRequest({
        certificationRequestInfo: info,
        signatureAlgorithm:
          over.algorithm ??
          new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
        signature: new Uint8Array(signature).buffer,
      }),
    ),
  );
}

const pemOf = (der: Uint8Array) => toPem('CERTIFICATE REQUEST', der);
const read = (der: Uint8Array) => readIssuerCsr(pemOf(der), subjectOf);

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8' });
}

describe('certificates', () => {
  it('of a root, its issuer and a cross certificate are what other readers expect', async () => {
    const r1 = await newRoot();
    const r2 = await newRoot('shop', now + 1000);
    const issuerKey = newLocalKey();
    const keyId = keyIdOf(issuerKey.publicKey);
    const issuer = await buildIssuer(
      {
        subject: subjectOf(keyId),
        keyId,
        publicKey: issuerKey.publicKey,
        now,
        lifeMs: WEEK,
      },
      r2.root,
    );
    const cross = await buildCross(r2, r1.root);

    const directory = mkdtempSync(join(tmpdir(), 'isthmus-certificates-'));
    const file = (name: string, pem: string) => {
      const path = join(directory, name);
      writeFileSync(path, pem);
      return path;
    };
    const at = String(now / 1000);
    const [root1, root2] = [file('r1.pem', r1.pem), file('r2.pem', r2.pem)];
    const own = file('issuer.pem', issuer.pem);
    const crossed = file('cross.pem', cross.pem);
    expect(
      openssl('verify', '-x509_strict', '-attime', at, '-CAfile', root2, own),
    ).toContain('OK');
    // Who knows the old root only verifies through the cross certificate.
    expect(
      openssl(
        ...['verify', '-x509_strict', '-attime', at, '-CAfile', root1],
        ...['-untrusted', crossed, own],
      ),
    ).toContain('OK');
    expect(() =>
      openssl('verify', '-attime', at, '-CAfile', root1, own),
    ).toThrow();

    const text = openssl('x509', '-in', own, '-noout', '-text');
    expect(text).toMatch(
      /X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0/,
    );
    expect(text).toMatch(
      /X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign/,
    );
    expect(text).not.toContain('Extended Key Usage');
    expect(text).not.toContain('Alternative Name');
    expect(text).toContain(
      `Subject: O = shop, OU = eu-1, CN = issuer ${keyId}`,
    );
    const rootText = openssl('x509', '-in', root1, '-noout', '-text');
    expect(rootText).toMatch(/CA:TRUE, pathlen:2/);
    expect(openssl('x509', '-in', crossed, '-noout', '-text')).toMatch(
      /CA:TRUE, pathlen:1/,
    );
  });

  it('of different keys never share a subject or a serial number', async () => {
    const roots = await Promise.all([newRoot(), newRoot(), newRoot('bank')]);
    const subjects = roots.map(r => new X509Certificate(r.pem).subject);
    expect(new Set(subjects).size).toBe(3);
    expect(new Set(roots.map(r => r.serial)).size).toBe(3);
    expect(new Set(roots.map(r => r.keyId)).size).toBe(3);
  });

  it('never outlive what signed them, and start before now', async () => {
    const root = await newRoot();
    const key = newLocalKey();
    const keyId = keyIdOf(key.publicKey);
    const late = root.notAfter.getTime() - 3600_000;
    const issuer = await buildIssuer(
      {
        subject: subjectOf(keyId),
        keyId,
        publicKey: key.publicKey,
        now: late,
        lifeMs: WEEK,
      },
      root.root,
    );
    expect(issuer.notAfter).toEqual(root.notAfter);
    expect(issuer.notBefore.getTime()).toBeLessThan(late);
  });

  it('that a signer spoilt are given to nobody', async () => {
    const root = await newRoot();
    const key = newLocalKey();
    const keyId = keyIdOf(key.publicKey);
    await expect(
      buildIssuer(
        {
          subject: subjectOf(keyId),
          keyId,
          publicKey: key.publicKey,
          now,
          lifeMs: WEEK,
        },
        {
          ...root.root,
          signer: {
            ...root.root.signer,
            sign: async bytes => {
              const other = newLocalKey();
              return sign('sha256', bytes, {
                key: other.privateKey,
                dsaEncoding: 'der',
              });
            },
          },
        },
      ),
    ).rejects.toThrow(/not what was asked for: signature/);
  });
});

describe('requests for an issuer', () => {
  const key = newLocalKey();

  it('are read when they ask for exactly what is due', () => {
    const { publicKey, keyId } = read(csrOf(key));
    expect(spkiOf(publicKey)).toEqual(spkiOf(key.publicKey));
    expect(keyId).toBe(keyIdOf(key.publicKey));
  });

  it('of openssl are read too', () => {
    const directory = mkdtempSync(join(tmpdir(), 'isthmus-csr-'));
    const file = join(directory, 'key.pem');
    writeFileSync(
      file,
      key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    );
    const keyId = keyIdOf(key.publicKey);
    const pem = openssl(
      ...['req', '-new', '-utf8', '-key', file, '-sha256'],
      ...['-subj', `/O=shop/OU=eu-1/CN=issuer ${keyId}`],
    );
    expect(readIssuerCsr(pem, subjectOf).keyId).toBe(keyId);
  });

  const otherKey = newLocalKey();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const extensionRequest = new Attribute({
    type: '1.2.840.113549.1.9.14',
    values: [new Uint8Array([0x30, 0x00]).buffer],
  });
  const cases: [string, () => Uint8Array, RegExp][] = [
    [
      'another subject',
      () => csrOf(key, { subject: [['CN', 'root']] }),
      /another subject/,
    ],
    [
      'another cluster',
      () =>
        csrOf(key, {
          subject: issuerSubject({
            gns: 'shop',
            cluster: 'eu-2',
            keyId: keyIdOf(key.publicKey),
          }),
        }),
      /another subject/,
    ],
    [
      'one part more',
      () =>
        csrOf(key, {
          subject: [
            ...subjectOf(keyIdOf(key.publicKey)),
            ['O', 'system:masters'],
          ],
        }),
      /another subject/,
    ],
    [
      'an extension',
      () => csrOf(key, { attributes: [extensionRequest] }),
      /attributes or extensions/,
    ],
    ['another version', () => csrOf(key, { version: 1 }), /version/],
    [
      'a foreign signature',
      () => csrOf(key, { signWith: otherKey.privateKey }),
      /own key/,
    ],
    [
      'an RSA key',
      () => csrOf(rsa, { subject: subjectOf(keyIdOf(rsa.publicKey)) }),
      /P-256/,
    ],
    ['a P-384 key', () => csrOf(p384), /P-256/],
    [
      'another signature algorithm',
      () =>
        csrOf(key, {
          algorithm: new AlgorithmIdentifier({
            algorithm: '1.2.840.10045.4.3.3',
          }),
        }),
      /ECDSA with SHA-256/,
    ],
    [
      'bytes behind it',
      () => Buffer.concat([csrOf(key), Buffer.from([0])]),
      /DER|PKCS/,
    ],
    ['nothing', () => Buffer.alloc(0), /PKCS/],
    ['64 KiB', () => randomBytes(65_536), /PKCS/],
  ];
  it.each(cases)('with %s are refused', (_what, make, message) => {
    expect(() => read(make())).toThrow(message);
  });

  it('that were changed in any byte are refused, and nothing else is thrown', () => {
    const good = csrOf(key);
    fc.assert(
      fc.property(
        fc.nat({ max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (index, mask) => {
          const bad = Buffer.from(good);
          // eslint-disable-next-line no-bitwise -- flips bits
          bad[index] ^= mask;
          expect(() => read(bad)).toThrow(/^csr: /);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('a request is never more than its own key: the certificate carries it', async () => {
    const root = await newRoot();
    const { publicKey, keyId } = read(csrOf(key));
    const issuer = await buildIssuer(
      { subject: subjectOf(keyId), keyId, publicKey, now, lifeMs: WEEK },
      root.root,
    );
    expect(createPublicKey(issuer.pem).equals(key.publicKey)).toBe(true);
  });
});

describe('PEM', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), bytes => {
        expect(fromPem('X', toPem('X', bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each([
    '',
    'AAAA',
    toPem('X', new Uint8Array(3)) + toPem('X', new Uint8Array(3)),
    toPem('Y', new Uint8Array(3)),
  ])('%j is none', text => {
    expect(() => fromPem('X', text)).toThrow();
  });
});
