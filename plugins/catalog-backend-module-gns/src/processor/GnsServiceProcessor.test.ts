import type { Entity } from '@backstage/catalog-model';
import type {
  CatalogProcessorCache,
  CatalogProcessorResult,
} from '@backstage/plugin-catalog-node';
import type { IndexedService } from '@isthmus/plugin-gns-common';
import { CONFIG, service } from '../__testUtils__/hub';
import { GnsServiceProcessor } from './GnsServiceProcessor';

const SERVICE = 'gns.isthmus.dev/service';
const FOUND = 'gns.isthmus.dev/found-services';

function component(annotations?: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'checkout', ...(annotations ? { annotations } : {}) },
    spec: {},
  };
}

function memory(): CatalogProcessorCache {
  const kept = new Map<string, unknown>();
  return {
    get: async key => kept.get(key) as never,
    set: async (key, value) => {
      kept.set(key, value);
    },
  };
}

const SERVICES = [
  service('shop', 'checkout', {
    cluster: 'eu-1',
    namespace: 'web',
    labels: { app: 'checkout' },
  }),
  service('shop-staging', 'checkout', {
    cluster: 'eu-2',
    namespace: 'web',
    labels: { app: 'checkout', stage: 'test' },
  }),
  service('shop', 'cart', {
    cluster: 'eu-1',
    namespace: 'web',
    labels: { 'backstage.io/kubernetes-id': 'checkout' },
  }),
];

async function processed(
  entity: Entity,
  options: {
    services?: readonly IndexedService[];
    cache?: CatalogProcessorCache;
  } = {},
) {
  const processor = GnsServiceProcessor.create({
    config: CONFIG,
    index: {
      services: async () =>
        'services' in options ? options.services : SERVICES,
    },
  });
  const emitted: CatalogProcessorResult[] = [];
  const after = await processor.preProcessEntity(
    entity,
    undefined,
    () => {},
    undefined,
    options.cache ?? memory(),
  );
  await processor.postProcessEntity(after, undefined, r => emitted.push(r));
  return {
    annotations: after.metadata.annotations,
    entity: after,
    relations: emitted.map(r => {
      if (r.type !== 'relation') throw new Error(r.type);
      const { source, target, type } = r.relation;
      return `${source.kind}:${source.namespace}/${source.name} ${type} ${target.kind}:${target.namespace}/${target.name}`;
    }),
  };
}

describe('the processor', () => {
  it('relates a component to the global namespaces of its annotation, both ways, each once', async () => {
    const { relations } = await processed(
      component({
        [SERVICE]: 'shop/checkout, shop/cart, shop-staging/checkout',
      }),
    );
    expect(relations).toEqual([
      'Component:default/checkout dependsOn resource:gns/shop',
      'resource:gns/shop dependencyOf Component:default/checkout',
      'Component:default/checkout dependsOn resource:gns/shop-staging',
      'resource:gns/shop-staging dependencyOf Component:default/checkout',
    ]);
  });

  it.each([
    [
      'backstage.io/kubernetes-label-selector',
      'app=checkout',
      'shop/checkout, shop-staging/checkout',
    ],
    ['backstage.io/kubernetes-id', 'checkout', 'shop/cart'],
  ])(
    'finds services by %s where our annotation is missing',
    async (key, value, found) => {
      const { annotations, relations } = await processed(
        component({ [key]: value }),
      );
      expect(annotations).toEqual({ [key]: value, [FOUND]: found });
      expect(relations[0]).toBe(
        'Component:default/checkout dependsOn resource:gns/shop',
      );
    },
  );

  it('keeps to the namespace and the cluster of the Kubernetes annotations', async () => {
    const { annotations } = await processed(
      component({
        'backstage.io/kubernetes-label-selector': 'app=checkout',
        'backstage.io/kubernetes-cluster': 'eu-2',
        'backstage.io/kubernetes-namespace': 'web',
      }),
    );
    expect(annotations?.[FOUND]).toBe('shop-staging/checkout');
  });

  it('asks labels for nothing where our annotation speaks', async () => {
    const { annotations } = await processed(
      component({
        [SERVICE]: 'shop/cart',
        'backstage.io/kubernetes-label-selector': 'app=checkout',
      }),
    );
    expect(annotations?.[FOUND]).toBeUndefined();
  });

  it.each([
    ['not/a/service', '"not/a/service"'],
    ['shop', '"shop"'],
    ['shop/checkout, ../../etc/passwd', '"../../etc/passwd"'],
    ['', 'names no service'],
    [' , ', 'names no service'],
    ['shop/x\u202etxt', '\\u202e'],
    [`shop/${'a'.repeat(200)}`, 'is no service'],
  ])('refuses the annotation %j', async (text, told) => {
    await expect(processed(component({ [SERVICE]: text }))).rejects.toThrow(
      told,
    );
  });

  it('does not believe what a person wrote as found', async () => {
    const { annotations, relations } = await processed(
      component({ [FOUND]: 'payments/secret' }),
    );
    expect(annotations).toEqual({});
    expect(relations).toEqual([]);
  });

  it('keeps what it found last while the hub is silent', async () => {
    const cache = memory();
    const entity = component({ 'backstage.io/kubernetes-id': 'checkout' });
    await processed(entity, { cache });
    const silent = await processed(entity, { cache, services: undefined });
    expect(silent.annotations?.[FOUND]).toBe('shop/cart');
    const gone = await processed(entity, { cache, services: [] });
    expect(gone.annotations?.[FOUND]).toBeUndefined();
  });

  it('leaves entities without annotations, and other kinds, as they are', async () => {
    const bare = component();
    expect((await processed(bare)).entity).toEqual(bare);
    const api = { ...component({ [FOUND]: 'x' }), kind: 'API' };
    expect((await processed(api)).entity).toBe(api);
  });
});
