import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { forgeCsrPem, publicKeyOf } from '../__testUtils__/forgeCsr';
import { makeAuthority } from '../__testUtils__/testIssuer';
import { toPem } from '../der/pem';
import { CsrRefusal } from './CsrRefusal';
import { LeafMismatch, issueLeaf } from './issueLeaf';
import { LeafTemplate } from './LeafTemplate';
import { parseCertificateRequest } from './parseCertificateRequest';

const ID = 'spiffe://cluster.local/ns/shop-web/sa/web';
const NOW = Date.UTC(2026, 10, 25, 12, 0, 0, 700);
const HOUR = 3_600_000;

const root = makeAuthority({ name: 'shop root R1', pathLength: 2 });
const issuer = makeAuthority({ name: 'shop east', parent: root });
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

function issue(
  pem: string,
  options: { spiffeId?: string; now?: number; notAfter?: number } = {},
) {
  return issueLeaf(
    issuer.template,
    issuer.certificate,
    parseCertificateRequest(pem),
    { spiffeId: ID, now: NOW, notAfter: NOW + HOUR, ...options },
  );
}

describe('a leaf', () => {
  it.each([
    ['P-256', key],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ])('for a %s key has what Istio’s own leaves have', (_type, caller) => {
    const { der, serial } = issue(forgeCsrPem({ key: caller, uri: ID }));
    const leaf = new X509Certificate(der);
    expect(leaf.subjectAltName).toBe(`URI:${ID}`);
    expect(leaf.subject).toBeUndefined();
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(leaf.validFromDate).toEqual(new Date('2026-11-25T11:58:00Z'));
    expect(leaf.validToDate).toEqual(new Date('2026-11-25T13:00:00Z'));
    expect(leaf.serialNumber).toBe(serial.toUpperCase());
    expect(leaf.verify(issuer.certificate.publicKey)).toBe(true);
    expect(leaf.publicKey.export({ type: 'spki', format: 'der' })).toEqual(
      publicKeyOf(caller),
    );
  });

  it('has a number of its own, of 159 bits', () => {
    const pem = forgeCsrPem({ key, uri: ID });
    const serials = new Set(
      Array.from({ length: 500 }, () => issue(pem).serial),
    );
    expect(serials.size).toBe(500);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{39}$/);
  });

  it('may end after 2049', () => {
    const { der } = issue(forgeCsrPem({ key, uri: ID }), {
      notAfter: Date.UTC(2051, 0, 1),
    });
    expect(new X509Certificate(der).validToDate).toEqual(
      new Date('2051-01-01T00:00:00Z'),
    );
  });

  it('is refused to one that asks for another’s identity', () => {
    const other = ID.replace('sa/web', 'sa/admin');
    expect(() => issue(forgeCsrPem({ key, uri: other }))).toThrow(
      new CsrRefusal(
        'Name',
        `The certificate request asks for ${other}; its sender is ${ID}`,
      ),
    );
  });

  it.each([
    ['in another case', ID.toUpperCase()],
    ['with something after it', `${ID}/x`],
    ['with a null character after it', `${ID}\0`],
    ['cut short', ID.slice(0, -1)],
    ['empty', ''],
  ])('is refused to one that asks for its own identity %s', (_how, uri) => {
    expect(() => issue(forgeCsrPem({ key, uri }))).toThrow(CsrRefusal);
  });

  it('is refused to one that does not hold the key', () => {
    const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(() =>
      issue(forgeCsrPem({ key: thief, publicKey: publicKeyOf(key), uri: ID })),
    ).toThrow(expect.objectContaining({ reason: 'Signature' }));
  });

  it('is refused for a point that is not on its curve', () => {
    const publicKey = publicKeyOf(key);
    publicKey[publicKey.length - 1] ^= 1;
    expect(() => issue(forgeCsrPem({ key, publicKey, uri: ID }))).toThrow(
      expect.objectContaining({ reason: 'Key' }),
    );
  });

  it('that is not what was meant never leaves', () => {
    const request = parseCertificateRequest(forgeCsrPem({ key, uri: ID }));
    const grant = { spiffeId: ID, now: NOW, notAfter: NOW + HOUR };
    const lying = (change: object) =>
      ({
        sign: (leaf: Parameters<LeafTemplate['sign']>[0]) =>
          issuer.template.sign({ ...leaf, ...change }),
      } as LeafTemplate);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const attempt = (change: object) => () =>
      issueLeaf(lying(change), issuer.certificate, request, grant);
    expect(attempt({ spiffeId: `${ID}x` })).toThrow(LeafMismatch);
    expect(attempt({ notAfter: NOW + 2 * HOUR })).toThrow(LeafMismatch);
    expect(attempt({ publicKey: publicKeyOf(other) })).toThrow(CsrRefusal);
    expect(() =>
      issueLeaf(root.template, issuer.certificate, request, grant),
    ).toThrow(LeafMismatch);
  });

  it('is one PEM block with lines of 64 characters', () => {
    const pem = toPem('CERTIFICATE', issue(forgeCsrPem({ key, uri: ID })).der);
    expect(pem).toMatch(
      /^-----BEGIN CERTIFICATE-----\n([\w+/]{64}\n)*[\w+/]{1,64}={0,2}\n-----END CERTIFICATE-----\n$/,
    );
  });
});
