import { missingPromises } from './promisedEnvironment';

const proxyConfig = (
  environmentVariables: Record<string, string>,
  matchLabels?: Record<string, string>,
  creationTimestamp = '2026-01-01T00:00:00Z',
) => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ProxyConfig',
  metadata: { name: 'one', namespace: 'shop', creationTimestamp },
  spec: {
    environmentVariables,
    ...(matchLabels && { selector: { matchLabels } }),
  },
});

const podWith = (env: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'app' }],
    initContainers: [
      {
        name: 'istio-proxy',
        restartPolicy: 'Always',
        env: [
          { name: 'CA', value: 'istiod' },
          ...Object.entries(env).map(([name, value]) => ({ name, value })),
        ],
      },
    ],
  },
});

describe('missingPromises', () => {
  it('names what the proxy lacks or has otherwise', () => {
    const configs = [proxyConfig({ DNS: 'true', CA: 'ours' })];
    expect(missingPromises(configs, podWith({}))).toEqual(['DNS', 'CA']);
    expect(missingPromises(configs, podWith({ DNS: 'true' }))).toEqual(['CA']);
    expect(
      missingPromises(configs, podWith({ DNS: 'true', CA: 'ours' })),
    ).toEqual([]);
  });

  it('asks of two the older, and of those that select pods the one for this', () => {
    const configs = [
      proxyConfig({ TTL: '3h' }, undefined, '2026-01-03T00:00:00Z'),
      proxyConfig({ TTL: '2h' }, undefined, '2026-01-02T00:00:00Z'),
      proxyConfig({ TTL: '1h' }, { app: 'cart' }, '2026-01-01T00:00:00Z'),
    ];
    expect(missingPromises(configs, podWith({ TTL: '2h' }))).toEqual([]);
    const selecting = proxyConfig({ TTL: '1h' }, { app: 'web' });
    expect(
      missingPromises([...configs, selecting], podWith({ TTL: '2h' })),
    ).toEqual(['TTL']);
  });

  it('misses all of it in a pod without a proxy', () => {
    const pod = { ...podWith({}), spec: { containers: [{ name: 'app' }] } };
    expect(missingPromises([proxyConfig({ DNS: 'true' })], pod)).toEqual([
      'DNS',
    ]);
  });
});
