import { compose } from '../compose';
import {
  clusterOf,
  gatewayOf,
  gnsOf,
  inputOf,
  meshOf,
  namespaceOf,
  objectNames,
  specOf,
} from '../testFixtures';

const members = [{ namespaces: { names: ['shop'] } }];
const gns = gnsOf('shop', { members });
const withNamespace = (more: Parameters<typeof namespaceOf>[1]) =>
  clusterOf('a', 1, ['shop/web'], {
    inventory: { namespaces: [namespaceOf('shop', more)] },
  });
const conditionsOf = (result: ReturnType<typeof compose>) =>
  result.globalNamespaces.get('shop')!.conditions;

describe('what a member namespace gets', () => {
  it('is DNS capture, strict mTLS and admission of members', () => {
    const result = compose(inputOf([gns], [withNamespace({})]));
    expect(specOf(result, 'id-a', 'ProxyConfig', 'shop', 'gns-shop')).toEqual({
      environmentVariables: { ISTIO_META_DNS_CAPTURE: 'true' },
    });
    expect(
      specOf(result, 'id-a', 'PeerAuthentication', 'shop', 'gns-shop'),
    ).toEqual({ mtls: { mode: 'STRICT' } });
  });

  it('is no ProxyConfig beside a foreign one, which Istio would use', () => {
    const result = compose(
      inputOf(
        [gns],
        [withNamespace({ proxyConfig: { name: 'theirs', ours: false } })],
      ),
    );
    expect(objectNames(result, 'id-a').join()).not.toContain('ProxyConfig');
    expect(conditionsOf(result)).toEqual([
      expect.objectContaining({
        type: 'DnsCapture',
        message: expect.stringContaining('ISTIO_META_DNS_CAPTURE'),
      }),
    ]);
    const own = compose(
      inputOf(
        [gns],
        [withNamespace({ proxyConfig: { name: 'gns-shop', ours: true } })],
      ),
    );
    expect(objectNames(own, 'id-a')).toContain('ProxyConfig/shop/gns-shop');
  });

  it('tells when an older PeerAuthentication of the namespace wins, not when that of the root does', () => {
    const of = (namespace: string) =>
      conditionsOf(
        compose(
          inputOf(
            [gns],
            [
              withNamespace({
                peerAuthentication: {
                  mode: 'PERMISSIVE',
                  name: 'default',
                  namespace,
                  ours: false,
                },
              }),
            ],
          ),
        ),
      ).map(c => c.type);
    expect(of('shop')).toEqual(['MtlsEffective']);
    expect(of('istio-system')).toEqual([]);
  });

  it('with permissive mTLS neither demands identities nor pretends to admit members only', () => {
    const result = compose(
      inputOf(
        [gnsOf('shop', { members, mtls: 'permissive' })],
        [withNamespace({})],
      ),
    );
    expect(objectNames(result, 'id-a').join()).not.toMatch(
      /PeerAuthentication|AuthorizationPolicy/,
    );
    expect(conditionsOf(result).map(c => c.type)).toEqual(['MembersOnly']);
  });

  it('admits identities by the trust domain of their cluster', () => {
    const result = compose(
      inputOf(
        [gns],
        [
          withNamespace({}),
          clusterOf('b', 2, ['shop/web'], {
            inventory: { mesh: meshOf('net2', { trustDomain: 'b.example' }) },
          }),
        ],
      ),
    );
    expect(
      specOf(result, 'id-a', 'AuthorizationPolicy', 'shop', 'gns-shop'),
    ).toMatchObject({
      rules: [
        {
          from: [
            {
              source: {
                principals: ['b.example/ns/shop/*', 'cluster.local/ns/shop/*'],
              },
            },
          ],
        },
      ],
    });
  });

  it('limits admission to the chosen services where only those are members', () => {
    const some = gnsOf('shop', {
      members: [
        { namespaces: { names: ['shop'] }, services: { names: ['web'] } },
      ],
    });
    const result = compose(
      inputOf([some], [clusterOf('a', 1, ['shop/web', 'shop/internal'])]),
    );
    expect(
      objectNames(result, 'id-a').filter(n => n.startsWith('Auth')),
    ).toEqual(['AuthorizationPolicy/shop/gns-shop-web']);
    expect(
      specOf(result, 'id-a', 'AuthorizationPolicy', 'shop', 'gns-shop-web'),
    ).toMatchObject({ selector: { matchLabels: { app: 'web' } } });
  });

  it('does not cut a gateway that lives in a member namespace', () => {
    const result = compose(
      inputOf(
        [gns],
        [
          clusterOf('a', 1, ['shop/web'], {
            inventory: {
              gateways: [gatewayOf('net1', '10.0.1.1', { namespace: 'shop' })],
            },
          }),
        ],
      ),
    );
    expect(
      objectNames(result, 'id-a').filter(n => n.startsWith('Auth')),
    ).toEqual(['AuthorizationPolicy/shop/gns-shop-web']);
  });

  it('two global namespaces never share an object on one gateway', () => {
    const result = compose(
      inputOf(
        [
          gnsOf('a', { members: [{ namespaces: { names: ['one'] } }] }, 1),
          gnsOf('a-b', { members: [{ namespaces: { names: ['two'] } }] }, 2),
        ],
        [
          clusterOf('a', 1, ['one/x', 'two/y'], {
            inventory: {
              gateways: [
                gatewayOf('net1', '10.0.1.1', { name: 'b-gw' }),
                gatewayOf('net1', '10.0.1.2', { name: 'gw' }),
              ],
            },
          }),
        ],
      ),
    );
    const gateways = [...result.clusters.get('id-a')!.objects.values()].filter(
      o => o.manifest.kind === 'Gateway',
    );
    expect(gateways.map(g => g.gns)).toEqual(['a', 'a', 'a-b', 'a-b']);
    expect(gateways[0].manifest.spec).toMatchObject({
      selector: { istio: 'eastwestgateway' },
      servers: [
        {
          port: { number: 15443, name: 'tls', protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' },
          hosts: ['*.a.gns.example'],
        },
      ],
    });
  });

  it('lists pods that still wait for a restart', () => {
    const a = clusterOf('a', 1, ['shop/web']);
    const waiting = {
      ...a,
      inventory: {
        ...a.inventory,
        workloads: a.inventory.workloads.map(w => ({
          ...w,
          pods: { ...w.pods, awaitingRestart: 2 },
        })),
      },
    };
    const result = compose(inputOf([gns], [waiting]));
    expect(conditionsOf(result).map(c => c.reason)).toEqual([
      'PodsAwaitRestart',
    ]);
    expect(
      result.globalNamespaces.get('shop')!.members[0].awaitingRestart,
    ).toBe(2);
  });

  it('what a cluster has not reported is unknown, not absent', () => {
    const a = clusterOf('a', 1, [], {
      inventory: {
        marks: {
          mesh: 'never',
          namespaces: 'never',
          services: 'never',
          workloads: 'never',
          gateways: 'never',
        },
      },
    });
    expect(
      conditionsOf(compose(inputOf([gns], [a]))).map(c => [c.type, c.status]),
    ).toEqual([
      ['HasMembers', 'False'],
      ['InventoryKnown', 'Unknown'],
    ]);
  });
});
