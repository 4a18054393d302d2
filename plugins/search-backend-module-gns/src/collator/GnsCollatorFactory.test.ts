import { TestPipeline } from '@backstage/plugin-search-backend-node';
import type { GnsSummary, IndexedService } from '@isthmus/plugin-gns-common';
import { GnsCollatorFactory } from './GnsCollatorFactory';

const SHOP: GnsSummary = {
  name: 'shop',
  title: 'Web shop',
  description: 'What customers buy in',
  owner: 'group:default/shop',
  domain: 'shop.gns.internal',
  generation: 1,
  paused: false,
  health: 'healthy',
  services: 1,
  clusters: [{ cluster: 'eu-1', state: 'ok', simulated: false }],
  conditions: { error: 0, warning: 0, info: 0 },
  holds: 0,
  updatedAt: '2026-11-25T09:00:00.000Z',
};
const CHECKOUT: IndexedService = {
  gns: 'shop',
  gnsTitle: 'Web shop',
  owner: 'group:default/shop',
  name: 'checkout',
  host: 'checkout.shop.gns.internal',
  places: [
    { cluster: 'eu-1', namespace: 'web', service: 'checkout', labels: {} },
    { cluster: 'us-1', namespace: 'pay', service: 'checkout', labels: {} },
  ],
};

describe('the collator', () => {
  it('makes a document of each global namespace and each service', async () => {
    const factory = GnsCollatorFactory.create({
      hub: {
        listGlobalNamespaces: async () => ({ items: [SHOP] }),
        allServices: async () => [CHECKOUT],
      },
    });
    const { error, documents } = await TestPipeline.fromCollator(
      await factory.getCollator(),
    ).execute();
    expect(error).toBeUndefined();
    const authorization = { resourceRef: 'GlobalNamespace:shop' };
    expect(documents).toEqual([
      {
        kind: 'global-namespace',
        title: 'Web shop',
        text: 'shop shop.gns.internal What customers buy in checkout eu-1',
        location: '/gns/shop',
        gns: 'shop',
        owner: 'group:default/shop',
        clusters: ['eu-1'],
        authorization,
      },
      {
        kind: 'global-service',
        title: 'checkout.shop.gns.internal',
        text: 'checkout Web shop web/checkout pay/checkout eu-1 us-1',
        location: '/gns/shop/services',
        gns: 'shop',
        owner: 'group:default/shop',
        clusters: ['eu-1', 'us-1'],
        authorization,
      },
    ]);
  });

  it('fails the run when the hub does not answer, so that the last index stays', async () => {
    const factory = GnsCollatorFactory.create({
      hub: {
        listGlobalNamespaces: async () => {
          throw new Error('503');
        },
        allServices: async () => [],
      },
    });
    const { error } = await TestPipeline.fromCollator(
      await factory.getCollator(),
    ).execute();
    expect(String(error)).toContain('503');
  });

  it('asks for the permission that the hub asks for', () => {
    expect(
      GnsCollatorFactory.create({
        hub: {
          listGlobalNamespaces: async () => ({ items: [] }),
          allServices: async () => [],
        },
      }).visibilityPermission.name,
    ).toBe('gns.definition.read');
  });
});
