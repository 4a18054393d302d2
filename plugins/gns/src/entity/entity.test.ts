import { ConfigReader } from '@backstage/config';
import { fillLink, isPerCluster, readServiceLinks } from './serviceLinks';
import { recentChanges } from './recentChanges';
import { hasServices, servicesOf } from './serviceReferences';

const entity = (annotations?: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', ...(annotations ? { annotations } : {}) },
});
const SERVICE = 'gns.isthmus.dev/service';
const FOUND = 'gns.isthmus.dev/found-services';

describe('the services of an entity', () => {
  it('are what a person wrote, before what labels found', () => {
    expect(
      servicesOf(entity({ [SERVICE]: 'shop/cart', [FOUND]: 'shop/x' })),
    ).toEqual({
      services: [{ gns: 'shop', service: 'cart' }],
      invalid: [],
      found: false,
    });
    expect(servicesOf(entity({ [FOUND]: 'shop/x' }))).toMatchObject({
      services: [{ gns: 'shop', service: 'x' }],
      found: true,
    });
  });

  it('are none without a mesh', () => {
    expect([entity(), entity({})].map(hasServices)).toEqual([false, false]);
  });
});

describe('links to other tools', () => {
  const place = {
    gns: 'shop',
    service: 'cart',
    host: 'cart.shop.gns.example',
    cluster: 'eu-1',
    namespace: 'web',
    kubernetesService: 'cart-v2',
  };

  it('carry names encoded, and leave what they do not know', () => {
    expect(
      fillLink(
        {
          title: 'Traces',
          url: 'https://traces.example/s?q={kubernetesService}.{namespace}&c={cluster}&x={other}',
        },
        { ...place, cluster: 'a&b=c' },
      ),
    ).toBe('https://traces.example/s?q=cart-v2.web&c=a%26b%3Dc&x={other}');
  });

  it('are one where they name no cluster', () => {
    expect(
      ['https://a.example/{host}', 'https://a.example/{cluster}'].map(url =>
        isPerCluster({ title: '', url }),
      ),
    ).toEqual([false, true]);
  });

  it('are http addresses only', () => {
    // eslint-disable-next-line no-script-url -- it must be left out
    const urls = ['javascript:alert(1)', 'https://kiali.example/{cluster}'];
    expect(
      readServiceLinks(
        new ConfigReader({
          gns: { serviceLinks: urls.map(url => ({ title: 'T', url })) },
        }),
      ),
    ).toEqual([{ title: 'T', url: 'https://kiali.example/{cluster}' }]);
    expect(readServiceLinks(new ConfigReader({}))).toEqual([]);
  });
});

describe('changes of the last hour', () => {
  const now = Date.parse('2026-11-25T12:00:00Z');
  const revision = (at: string) => ({
    generation: 2,
    action: 'update' as const,
    actor: 'user:default/ada',
    at,
    message: 'Move',
    changes: [
      { path: 'spec.members[0].clusters.names[0]' },
      { path: 'spec.members[1].clusters.prefix' },
    ],
    hash: 'x',
  });
  const condition = (service: string | undefined, at: string) => ({
    type: 'Applied',
    status: 'False' as const,
    severity: 'error' as const,
    reason: 'Failed',
    message: 'No',
    lastTransitionTime: at,
    ...(service ? { service } : {}),
  });

  it('are those of the global namespace, its definitions and this service, newest first', () => {
    const changes = recentChanges({
      gns: 'shop',
      service: 'cart',
      revisions: [
        revision('2026-11-25T11:30:00Z'),
        revision('2026-11-25T10:59:59Z'),
      ],
      definitions: [
        {
          generation: 1,
          createdAt: '2026-11-25T11:45:00Z',
          updatedAt: '2026-11-25T11:45:00Z',
          updatedBy: 'user:default/bo',
          definition: {
            apiVersion: 'gns.isthmus.dev/v1',
            kind: 'ServiceLevelObjective',
            metadata: { name: 'fast' },
            spec: {},
          },
        },
      ],
      conditions: [
        condition('cart', '2026-11-25T11:50:00Z'),
        condition('other', '2026-11-25T11:50:00Z'),
        condition(undefined, '2026-11-25T11:10:00Z'),
      ],
      now,
    });
    expect(
      changes.map(c =>
        c.type === 'definition' ? c.name : c.condition.service,
      ),
    ).toEqual(['cart', 'fast', 'shop', undefined]);
    expect(changes[2]).toMatchObject({ paths: ['spec.members'] });
  });
});
