import { missingPromises } from './promisedEnvironment';

const proxyConfig = (
  environmentVariables: Record<string, string>,
  matchLabels?: Record<string, string>,
) => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'ProxyConfig',
  metadata: { name: 'one', namespace: 'shop' },
  spec: {
    environmentVariables,
    ...(matchLabels && { selector: { matchLabels } }),
  },
});

const podWith = (...names: string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'app' }],
    initContainers: [
      {
        name: 'istio-proxy',
        restartPolicy: 'Always',
        env: names.map(name => ({ name, value: '1' })),
      },
    ],
  },
});

describe('missingPromises', () => {
  it('names what the proxy lacks, of the namespace and of those that select the pod', () => {
    const configs = [
      proxyConfig({ DNS: 'true', CA: 'x' }),
      proxyConfig({ TTL: '1h' }, { app: 'web' }),
      proxyConfig({ OTHER: '1' }, { app: 'cart' }),
    ];
    expect(missingPromises(configs, podWith('DNS'))).toEqual(['CA', 'TTL']);
    expect(missingPromises(configs, podWith('DNS', 'CA', 'TTL'))).toEqual([]);
  });

  it('misses all of it in a pod without a proxy', () => {
    const pod = { ...podWith(), spec: { containers: [{ name: 'app' }] } };
    expect(missingPromises([proxyConfig({ DNS: 'true' })], pod)).toEqual([
      'DNS',
    ]);
  });
});
