import { mockErrorHandler, mockServices } from '@backstage/backend-test-utils';
import express from 'express';
import request from 'supertest';
import { CONTROLLERS_PATH } from '@isthmus/plugin-gns-common';
import {
  createControllersRouter,
  type ControllersRouterOptions,
} from './controllersRouter';

const CSR = [
  '-----BEGIN CERTIFICATE REQUEST-----',
  'MIIB',
  '-----END CERTIFICATE REQUEST-----',
  '',
].join('\n');

/** Only the limits are looked at: whoever names a cluster is it, and everything is signed. */
function serve() {
  let now = 1_000_000;
  const signed: string[] = [];
  const router = createControllersRouter({
    authenticator: {
      authenticate: async (header: string) => ({ cluster: { id: header } }),
      use: async () => undefined,
    },
    auditor: mockServices.auditor.mock({
      createEvent: async () => ({
        success: async () => undefined,
        fail: async () => undefined,
      }),
    }),
    authorities: {
      issue: async (cluster: { id: string }) => {
        signed.push(cluster.id);
        return { response: { serial: '01', rootKeyId: 'ab' }, made: true };
      },
    },
    assertWritable: async () => undefined,
    now: () => now,
  } as unknown as ControllersRouterOptions);
  const app = express().use(router).use(mockErrorHandler());
  return {
    signed,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    ask: (cluster: string) =>
      request(app)
        .post(`${CONTROLLERS_PATH}/issuer`)
        .set('authorization', cluster)
        .send({ gns: 'shop', csr: CSR }),
  };
}

describe('limits of a controller', () => {
  it('sign a hundred issuers at once and two a second, each cluster by itself', async () => {
    const { ask, pass, signed } = serve();
    // Ten requests a second are allowed, of any kind.
    for (let done = 0; done < 100; done++) {
      if (done % 10 === 0) pass(1);
      expect((await ask('eu')).status).toBe(200);
    }
    // Meanwhile twenty came back.
    for (let done = 0; done < 18; done++) {
      if (done % 10 === 0) pass(0.001);
      expect((await ask('eu')).status).toBe(200);
    }
    const refused = await ask('eu');
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.body.error.message).toMatch(/Wait 1 s/);
    const before = signed.length;
    expect((await ask('us')).status).toBe(200);
    pass(1);
    expect((await ask('eu')).status).toBe(200);
    expect((await ask('eu')).status).toBe(200);
    expect((await ask('eu')).status).toBe(429);
    expect(signed.slice(before)).toEqual(['us', 'eu', 'eu']);
  });

  it('are sixty requests at once and ten a second, whatever they ask for', async () => {
    const { ask, pass, signed } = serve();
    for (let done = 0; done < 60; done++) {
      expect((await ask('eu')).status).toBe(200);
    }
    expect((await ask('eu')).status).toBe(429);
    expect((await ask('us')).status).toBe(200);
    pass(0.1);
    expect((await ask('eu')).status).toBe(200);
    expect((await ask('eu')).status).toBe(429);
    expect(signed).toHaveLength(62);
  });
});
