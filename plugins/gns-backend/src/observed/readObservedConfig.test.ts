import { ConfigReader } from '@backstage/config';
import { readObservedConfig } from './readObservedConfig';
import { checkResolved, isForbiddenAddress, readTarget } from './targets';

const kubernetes = {
  clusterLocatorMethods: [
    { type: 'localKubectlProxy' },
    {
      type: 'config',
      clusters: [
        {
          name: 'eu',
          url: 'https://eu.example.com/',
          authProvider: 'serviceAccount',
          serviceAccountToken: 'secret-token',
          caData: Buffer.from('PEM').toString('base64'),
        },
        { name: 'by-person', url: 'https://x.test', authProvider: 'google' },
        {
          name: 'metadata',
          url: 'http://169.254.169.254',
          authProvider: 'serviceAccount',
        },
      ],
    },
  ],
};
const read = (...observedClusters: object[]) =>
  readObservedConfig(
    new ConfigReader({ kubernetes, gns: { observedClusters } } as never),
  );

describe('gns.observedClusters', () => {
  it('is empty without the key', () => {
    expect(readObservedConfig(new ConfigReader({}))).toEqual({
      clusters: [],
      problems: [],
    });
  });

  it('takes access from the kubernetes section', () => {
    const { clusters, problems } = read({
      name: 'europe',
      kubernetesCluster: 'eu',
      prometheus: {
        url: ['https://a.test/prom', 'https://b.test/prom'],
        match: { cluster: 'eu' },
        headers: { 'X-Scope-OrgID': 'shop' },
        history: { hours: 1 },
      },
    });
    expect(problems).toEqual([]);
    expect(clusters).toMatchObject([
      {
        name: 'europe',
        istioNamespace: 'istio-system',
        kubernetes: {
          url: 'https://eu.example.com',
          token: 'secret-token',
          ca: 'PEM',
          verify: true,
        },
        prometheus: {
          urls: ['https://a.test/prom', 'https://b.test/prom'],
          match: { cluster: 'eu' },
          historySeconds: 3600,
        },
      },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['a cluster that nobody lists', { name: 'us' }, /lists by-person, eu/],
    ['one that a person reads', { name: 'by-person' }, /service account/],
    ['one that is the machine', { name: 'metadata' }, /169\.254\.169\.254/],
    ['a name that is none', { name: 'E U' }, /observedClusters\[0\]\.name/],
    ['a key that is none', { name: 'eu', promql: 'x' }, /promql/],
    [
      'a Prometheus by file',
      { name: 'eu', prometheus: { url: 'file:///etc/passwd' } },
      /https:\/\//,
    ],
    [
      'a password in an address',
      { name: 'eu', prometheus: { url: 'https://me:hunter2@p.test' } },
      /authentication/,
    ],
    [
      'a query in an address',
      { name: 'eu', prometheus: { url: 'https://p.test/?x=1' } },
      /no "\?"/,
    ],
    [
      'a metadata service',
      { name: 'eu', prometheus: { url: 'http://[fd00:ec2::254]/' } },
      /not to a cluster/,
    ],
    [
      'one half of a certificate',
      { name: 'eu', prometheus: { url: 'https://p.test', tls: { cert: 'x' } } },
      /go together/,
    ],
  ])('leaves out %s, and no other', (_, entry, problem) => {
    const { clusters, problems } = read(entry, {
      name: 'good',
      kubernetesCluster: 'eu',
    });
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems[0]).not.toMatch(/hunter2|secret-token/);
    expect(clusters.map(c => c.name)).toEqual(['good']);
  });

  it('refuses a name that stands there twice', () => {
    const entry = { name: 'eu' };
    expect(read(entry, entry)).toMatchObject({
      clusters: [{ name: 'eu' }],
      problems: [expect.stringContaining('twice')],
    });
  });
});

describe('targets', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '100.100.100.200',
    '224.0.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '::',
  ])('%s is no cluster', address => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  it.each(['10.0.0.1', '192.168.1.4', '127.0.0.1', '2001:db8::1'])(
    '%s may be one',
    address => {
      expect(isForbiddenAddress(address)).toBe(false);
    },
  );

  it('sees through writings of an address', () => {
    for (const text of [
      'http://2852039166/',
      'http://0xA9FEA9FE/',
      'http://[::ffff:169.254.169.254]/',
    ]) {
      expect(() => readTarget(text, 'url')).toThrow(/not to a cluster/);
    }
  });

  it('looks behind names', async () => {
    await checkResolved(new URL('http://127.0.0.1'), 'x');
    await expect(
      checkResolved(new URL('http://169.254.169.254.nip.invalid'), 'x'),
    ).rejects.toThrow();
  });
});
