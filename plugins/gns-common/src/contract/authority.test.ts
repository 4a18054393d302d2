import fc from 'fast-check';
import {
  authoritySettingsSchema,
  certificatePemSchema,
  issuerRequestSchema,
  issuerSubject,
  reportedAuthoritySchema,
  sameCertificates,
  spiffeId,
} from './authority';
import { desiredSettingsSchema } from './desired';

const pem = (body: string) =>
  `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const keyId = 'ab'.repeat(20);
const settings = {
  trustDomain: { mode: 'mesh' as const },
  leafTtlSeconds: 3600,
  bundle: { epoch: 1, roots: [{ keyId, pem: pem('AAAA') }] },
  meshRoots: [],
  issuer: { rootKeyId: keyId, crossCertificates: [] },
  namespaces: [{ name: 'shop', phase: 'adopt' as const, step: 1 }],
  restart: 'manual' as const,
};

describe('authority settings', () => {
  it('are taken as they are written', () => {
    expect(authoritySettingsSchema.parse(settings)).toEqual(settings);
    expect(
      desiredSettingsSchema.parse({
        clusterName: 'eu-1',
        paused: [],
        probes: [],
        members: {},
        authorities: { shop: settings },
      }).authorities,
    ).toEqual({ shop: settings });
  });

  it.each([
    [
      'an unknown phase',
      { namespaces: [{ name: 'shop', phase: 'done', step: 1 }] },
    ],
    ['no root', { bundle: { epoch: 1, roots: [] } }],
    ['epoch 0', { bundle: { ...settings.bundle, epoch: 0 } }],
    ['a life of more than a day', { leafTtlSeconds: 86_401 }],
    [
      'a trust domain with a path',
      { trustDomain: { mode: 'own', name: 'a.b/c' } },
    ],
    ['what is not in the contract', { privateKey: 'x' }],
  ])('are refused with %s', (_what, over) => {
    expect(
      authoritySettingsSchema.safeParse({ ...settings, ...over }).success,
    ).toBe(false);
  });
});

describe('certificates as text', () => {
  it.each([
    ['two in one', pem('AAAA') + pem('AAAA')],
    [
      'a private key',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    ],
    ['text before it', `x\n${pem('AAAA')}`],
    ['a long line', pem('A'.repeat(65))],
    [
      'nothing in it',
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
    ],
    ['more than 8 KiB', pem(Array(200).fill('A'.repeat(64)).join('\n'))],
  ])('%s is none', (_what, text) => {
    expect(certificatePemSchema.safeParse(text).success).toBe(false);
  });

  it('a request for a certificate is bounded', () => {
    const csr = (body: string) =>
      `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(
      issuerRequestSchema.safeParse({ gns: 'shop', csr: csr('AAAA') }).success,
    ).toBe(true);
    expect(
      issuerRequestSchema.safeParse({
        gns: 'shop',
        csr: csr('A'.repeat(17_000)),
      }).success,
    ).toBe(false);
    expect(
      issuerRequestSchema.safeParse({ gns: 'Shop/..', csr: csr('AAAA') })
        .success,
    ).toBe(false);
  });
});

describe('sameCertificates', () => {
  const list = fc.array(fc.stringMatching(/^[A-Za-z0-9]{4}$/).map(pem), {
    maxLength: 6,
  });

  it('compares as sets', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const same = (x: string[], y: string[]) =>
          [...new Set(x)].sort().join() === [...new Set(y)].sort().join();
        expect(sameCertificates(a, b)).toBe(same(a, b));
        expect(sameCertificates(a, [...a].reverse())).toBe(true);
        expect(sameCertificates(a, [...a, ...a])).toBe(true);
      }),
    );
  });

  it('does not mind how lines end', () => {
    expect(
      sameCertificates(
        [pem('AAAA\nBBBB')],
        [pem('AAAABBBB').replace(/\n/g, '\r\n')],
      ),
    ).toBe(true);
  });
});

describe('what a cluster reports', () => {
  it('says for each pod once what it holds', () => {
    const held = { phase: 'dual', bundleEpoch: 3, leafRoot: 'mesh', pods: 2 };
    const workload = {
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      pods: 4,
      awaitingRestart: 1,
      unknown: 1,
      restarting: false,
      held: [held],
    };
    const report = {
      bundleEpoch: 3,
      bundleRoots: [keyId],
      namespaces: [],
      workloads: [workload],
    };
    expect(reportedAuthoritySchema.parse(report)).toEqual(report);
    expect(
      reportedAuthoritySchema.safeParse({
        ...report,
        workloads: [{ ...workload, held: [{ ...held, pods: -1 }] }],
      }).success,
    ).toBe(false);
  });
});

describe('names', () => {
  it('of issuers differ by key', () => {
    const of = (id: string) =>
      issuerSubject({ gns: 'shop', cluster: 'eu-1', keyId: id });
    expect(of(keyId)).toEqual([
      ['O', 'shop'],
      ['OU', 'eu-1'],
      ['CN', `issuer ${keyId}`],
    ]);
    expect(of(keyId)).not.toEqual(of('cd'.repeat(20)));
    // X.520 allows 64 characters.
    for (const [, value] of issuerSubject({
      gns: 'g'.repeat(63),
      cluster: 'c'.repeat(63),
      keyId,
    })) {
      expect(value.length).toBeLessThanOrEqual(64);
    }
  });

  it('of workloads are SPIFFE ids', () => {
    expect(spiffeId('shop.gns.example', 'web', 'front')).toBe(
      'spiffe://shop.gns.example/ns/web/sa/front',
    );
  });
});
