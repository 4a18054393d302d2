import { proxyEnvironment } from './proxyConfig';

function proxyConfig(
  namespace: string,
  name: string,
  createdAt: string,
  environmentVariables: Record<string, string>,
  matchLabels?: Record<string, string>,
) {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    metadata: { name, namespace, creationTimestamp: createdAt },
    spec: {
      environmentVariables,
      ...(matchLabels && { selector: { matchLabels } }),
    },
  };
}

const pod = { namespace: 'shop', labels: { app: 'web', tier: 'front' } };

describe('proxyEnvironment', () => {
  it('is empty without ProxyConfigs', () => {
    expect(proxyEnvironment([], pod)).toEqual({});
  });

  it('takes those of the namespace and of the mesh, and no others', () => {
    expect(
      proxyEnvironment(
        [
          proxyConfig('shop', 'a', '2026-01-01T00:00:00Z', { A: 'shop' }),
          proxyConfig('istio-system', 'b', '2026-01-01T00:00:00Z', {
            A: 'mesh',
            B: 'mesh',
          }),
          proxyConfig('pay', 'c', '2026-01-01T00:00:00Z', { C: 'pay' }),
        ],
        pod,
      ),
    ).toEqual({ A: 'shop', B: 'mesh' });
  });

  it('lets the oldest of a namespace win, and the first by name of two as old', () => {
    const younger = proxyConfig('shop', 'a', '2026-02-01T00:00:00Z', {
      A: 'younger',
    });
    const older = proxyConfig('shop', 'z', '2026-01-01T00:00:00Z', {
      A: 'older',
    });
    const asOld = proxyConfig('shop', 'y', '2026-01-01T00:00:00Z', {
      A: 'as old',
    });
    expect(proxyEnvironment([younger, older], pod)).toEqual({ A: 'older' });
    expect(proxyEnvironment([older, asOld], pod)).toEqual({ A: 'as old' });
  });

  it('lets one that selects the pod win over the whole namespace, and ignores one that selects others', () => {
    const whole = proxyConfig('shop', 'a', '2026-01-01T00:00:00Z', {
      A: 'all',
      B: 'all',
    });
    const web = proxyConfig(
      'shop',
      'b',
      '2026-02-01T00:00:00Z',
      { A: 'web' },
      { app: 'web' },
    );
    const cart = proxyConfig(
      'shop',
      'c',
      '2026-01-01T00:00:00Z',
      { B: 'cart' },
      { app: 'cart' },
    );
    expect(proxyEnvironment([whole, web, cart], pod)).toEqual({
      A: 'web',
      B: 'all',
    });
  });
});
