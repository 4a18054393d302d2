import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import type { Cluster, GnsSummary } from '@isthmus/plugin-gns-common';
import { cluster, CONFIG, globalNamespace } from '../__testUtils__/hub';
import { GnsEntityProvider } from './GnsEntityProvider';

function set() {
  const hub = {
    namespaces: [globalNamespace('shop', ['eu-1'])] as GnsSummary[],
    clusters: [cluster('eu-1')] as Cluster[],
    fails: false,
  };
  let now = 0;
  const mutations: EntityProviderMutation[] = [];
  const answer = <T>(items: T[]) => {
    if (hub.fails) throw new Error('503');
    return { items };
  };
  const provider = GnsEntityProvider.create({
    hub: {
      listGlobalNamespaces: async () => answer(hub.namespaces),
      listClusters: async () => answer(hub.clusters),
    },
    config: CONFIG,
    logger: mockServices.logger.mock(),
    runner: { run: async () => {} },
    now: () => now,
  });
  return {
    hub,
    mutations,
    pass: (ms: number) => {
      now += ms;
    },
    refresh: () =>
      provider.refresh({
        applyMutation: async mutation => {
          mutations.push(mutation);
        },
      }),
  };
}

const names = (entities: { entity?: { metadata: { name: string } } }[]) =>
  entities.map(e => e.entity?.metadata.name);

describe('the provider', () => {
  it('hands over everything first', async () => {
    const { refresh, mutations } = set();
    await refresh();
    expect(mutations).toEqual([
      {
        type: 'full',
        entities: [
          {
            locationKey: 'gns',
            entity: {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Resource',
              metadata: {
                namespace: 'gns',
                name: 'shop',
                title: 'The shop',
                annotations: {
                  'backstage.io/managed-by-location':
                    'gns:global-namespaces/shop',
                  'backstage.io/managed-by-origin-location':
                    'gns:global-namespaces/shop',
                  'backstage.io/view-url': 'https://portal.test/gns/shop',
                  'gns.isthmus.dev/global-namespace': 'shop',
                  'gns.isthmus.dev/domain': 'shop.gns.internal',
                },
                links: [
                  {
                    url: 'https://portal.test/gns/shop',
                    title: 'shop.gns.internal',
                    type: 'global-namespace',
                  },
                ],
              },
              spec: {
                type: 'global-namespace',
                owner: 'group:default/shop',
                dependsOn: ['resource:gns-clusters/eu-1'],
              },
            },
          },
          {
            locationKey: 'gns',
            entity: expect.objectContaining({
              metadata: expect.objectContaining({
                namespace: 'gns-clusters',
                name: 'eu-1',
              }),
              spec: {
                type: 'kubernetes-cluster',
                owner: 'group:default/unowned',
              },
            }),
          },
        ],
      },
    ]);
  });

  it('hands over only what changed afterwards, and nothing where nothing did', async () => {
    const { hub, refresh, mutations } = set();
    await refresh();
    await refresh();
    expect(mutations).toHaveLength(1);

    hub.namespaces = [
      ...hub.namespaces,
      globalNamespace('payments', ['eu-1', 'us-1']),
    ];
    hub.clusters = [...hub.clusters, cluster('us-1')];
    await refresh();
    const grown = mutations[1];
    if (grown.type !== 'delta' || !('added' in grown)) throw new Error('full');
    expect(names(grown.added as never)).toEqual(['payments', 'us-1']);
    expect(grown.removed).toEqual([]);

    hub.namespaces = hub.namespaces.slice(1);
    await refresh();
    const shrunk = mutations[2];
    if (shrunk.type !== 'delta') throw new Error('full');
    expect(names(shrunk.removed as never)).toEqual(['shop']);
  });

  it('does not take what changes by the minute for a change', async () => {
    const { hub, refresh, mutations } = set();
    await refresh();
    hub.clusters = [
      {
        ...cluster('eu-1'),
        lastSeenAt: '2026-11-25T10:00:00Z',
        freshness: 'stale',
      },
    ];
    hub.namespaces = [
      { ...globalNamespace('shop', ['eu-1']), health: 'failing', holds: 3 },
    ];
    await refresh();
    expect(mutations).toHaveLength(1);
  });

  it('keeps everything while the hub does not answer', async () => {
    const { hub, refresh, mutations } = set();
    await refresh();
    hub.fails = true;
    await expect(refresh()).rejects.toThrow('503');
    hub.fails = false;
    await refresh();
    expect(mutations).toHaveLength(1);
  });

  it('hands over everything again after an hour', async () => {
    const { refresh, mutations, pass } = set();
    await refresh();
    pass(60 * 60 * 1000);
    await refresh();
    expect(mutations.map(m => m.type)).toEqual(['full', 'full']);
  });
});
