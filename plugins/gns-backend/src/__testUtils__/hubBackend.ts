import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import request from 'supertest';
import { API_VERSION } from '@isthmus/plugin-gns-common';
import { gnsPlugin } from '../plugin';
import { eventually } from './eventually';
import { FakeController } from './FakeController';
import { inventoryOf } from './inventories';

/** The whole plugin in a real backend, on a database that the test owns. */
export async function startHubBackend(
  knex: Knex,
  more: BackendFeature[] = [],
  config: object = {},
) {
  const backend = await startTestBackend({
    features: [
      gnsPlugin,
      ...more,
      ...(process.env.GNS_TEST_LOG
        ? [mockServices.rootLogger.factory({ level: 'warn' })]
        : []),
      mockServices.rootConfig.factory({
        data: { backend: { baseUrl: 'http://portal.test:7007' }, ...config },
      }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({ getClient: async () => knex }),
      }),
    ],
  });
  const address = backend.server.address();
  if (typeof address !== 'object' || !address) throw new Error('No address');
  const base = `http://127.0.0.1:${address.port}`;
  const api = '/api/gns/v1';
  const server = backend.server;
  return {
    backend,
    base,
    get: (path: string, _body?: object) => request(server).get(`${api}${path}`),
    post: (path: string, body?: object) =>
      request(server)
        .post(`${api}${path}`)
        .send(body ?? {}),
    put: (path: string, body?: object) =>
      request(server)
        .put(`${api}${path}`)
        .send(body ?? {}),
    delete: (path: string, _body?: object) =>
      request(server).delete(`${api}${path}`),
    /** Registers a cluster and enrols a controller for it. */
    async enrolled(
      name: string,
      labels: Record<string, string> = {},
    ): Promise<FakeController> {
      const minted = await request(server)
        .post(`${api}/clusters`)
        .send({ name, labels });
      if (minted.status !== 201) throw new Error(minted.text);
      const controller = new FakeController(base);
      await controller.enrol(minted.body.token);
      return controller;
    },
  };
}

/** Polls, applies and reports, one controller after the other, until `check` holds. */
export async function follow(
  controllers: readonly FakeController[],
  check: () => void | Promise<void>,
): Promise<void> {
  await eventually(async () => {
    for (const controller of controllers) {
      if (await controller.poll(0)) await controller.report();
    }
    await check();
  }, 12_000);
}

/** A definition `shop` with these members. */
export function shopWith(
  members: unknown[],
  spec: Record<string, unknown> = {},
) {
  return {
    apiVersion: API_VERSION,
    kind: 'GlobalNamespace',
    metadata: { name: 'shop' },
    spec: { domain: 'shop.gns.internal', members, ...spec },
  };
}

/** A member entry that names everything exactly. */
export function exactly(cluster: string, ...namespaces: string[]) {
  return {
    clusters: { names: [cluster] },
    namespaces: { names: namespaces },
  };
}

export const SHOP = '/definitions/GlobalNamespace/shop';

/** Enrols a cluster with one gateway and these services, and reports them. */
export async function clusterWith(
  hub: HubBackend,
  name: string,
  gatewayIp: string,
  services: Record<string, string[]>,
): Promise<FakeController> {
  const controller = await hub.enrolled(name);
  await controller.report({
    inventory: inventoryOf({
      uid: controller.uid,
      network: name,
      gatewayIp,
      services,
    }),
  });
  return controller;
}

export type HubBackend = Awaited<ReturnType<typeof startHubBackend>>;
