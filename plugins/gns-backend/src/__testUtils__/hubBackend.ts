import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import request from 'supertest';
import { gnsPlugin } from '../plugin';
import { FakeController } from './FakeController';

/** The whole plugin in a real backend, on a database that the test owns. */
export async function startHubBackend(knex: Knex) {
  const backend = await startTestBackend({
    features: [
      gnsPlugin,
      ...(process.env.GNS_TEST_LOG
        ? [mockServices.rootLogger.factory({ level: 'warn' })]
        : []),
      mockServices.rootConfig.factory({
        data: { backend: { baseUrl: 'http://portal.test:7007' } },
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
    get: (path: string) => request(server).get(`${api}${path}`),
    post: (path: string, body?: object) =>
      request(server)
        .post(`${api}${path}`)
        .send(body ?? {}),
    put: (path: string, body: object) =>
      request(server).put(`${api}${path}`).send(body),
    delete: (path: string) => request(server).delete(`${api}${path}`),
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

export type HubBackend = Awaited<ReturnType<typeof startHubBackend>>;
