import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import PromiseRouter from 'express-promise-router';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { cluster, globalNamespace, service } from './__testUtils__/hub';
import catalogModuleGns from '.';

jest.setTimeout(60_000);

/** A hub that answers what the catalog reads. */
const hub = createBackendPlugin({
  pluginId: 'gns',
  register({ registerInit }) {
    registerInit({
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        const router = PromiseRouter();
        router.get('/v1/global-namespaces', (_, response) => {
          response.json({ items: [globalNamespace('shop', ['eu-1'])] });
        });
        router.get('/v1/clusters', (_, response) => {
          response.json({ items: [cluster('eu-1')] });
        });
        router.get('/v1/services', (_, response) => {
          response.json({
            items: [
              service('shop', 'cart', {
                cluster: 'eu-1',
                namespace: 'web',
                labels: { app: 'cart' },
              }),
            ],
          });
        });
        httpRouter.use(router);
      },
    });
  },
});

const COMPONENTS = `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  annotations: { gns.isthmus.dev/service: shop/checkout }
spec: { type: service, lifecycle: production, owner: group:default/shop }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: cart
  annotations: { backstage.io/kubernetes-label-selector: app=cart }
spec: { type: service, lifecycle: production, owner: group:default/shop }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: hostile
  annotations: { gns.isthmus.dev/service: "shop/<script>" }
spec: { type: service, lifecycle: production, owner: group:default/shop }
`;

describe('the module in a catalog', () => {
  let folder: string;
  const scheduler = mockServices.scheduler();
  let backend: Awaited<ReturnType<typeof startTestBackend>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gns-catalog-'));
    await writeFile(join(folder, 'shop.yaml'), COMPONENTS);
    backend = await startTestBackend({
      features: [
        hub,
        catalogPlugin,
        catalogModuleGns,
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'https://portal.test' },
            backend: { baseUrl: 'http://localhost:7007' },
            catalog: {
              locations: [{ type: 'file', target: join(folder, 'shop.yaml') }],
              processingInterval: { seconds: 2 },
              providers: { gns: { frequency: { seconds: 1 } } },
            },
          },
        }),
      ],
    });
  });
  afterAll(async () => {
    await backend.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function entities(): Promise<Map<string, Entity>> {
    const answer = await request(backend.server).get('/api/catalog/entities');
    return new Map(
      (answer.body as Entity[]).map(e => [
        `${e.metadata.namespace}/${e.metadata.name}`,
        e,
      ]),
    );
  }

  it('relates components, global namespaces and clusters', async () => {
    await scheduler.triggerTask('gns-entities');
    const deadline = Date.now() + 40_000;
    let found = new Map<string, Entity>();
    const related = (name: string) =>
      found
        .get(name)
        ?.relations?.map(r => `${r.type} ${r.targetRef}`)
        .filter(r => r.includes('gns') || r.includes('component'))
        .sort();
    while (
      Date.now() < deadline &&
      (related('gns/shop')?.length !== 3 || !related('default/cart')?.length)
    ) {
      await new Promise(resolve => setTimeout(resolve, 250));
      found = await entities();
    }
    expect(related('gns/shop')).toEqual([
      'dependencyOf component:default/cart',
      'dependencyOf component:default/checkout',
      'dependsOn resource:gns-clusters/eu-1',
    ]);
    expect(related('default/checkout')).toEqual([
      'dependsOn resource:gns/shop',
    ]);
    expect(found.get('default/cart')?.metadata.annotations).toMatchObject({
      'gns.isthmus.dev/found-services': 'shop/cart',
    });
    expect(found.has('default/hostile')).toBe(false);
  });
});
