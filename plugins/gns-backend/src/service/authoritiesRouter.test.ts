import type { Knex } from 'knex';
import { mockServices } from '@backstage/backend-test-utils';
import {
  authorityBackupSchema,
  clusterIssuersSchema,
  gnsAuthoritySchema,
  issuanceListSchema,
  keyProtectionSchema,
  revocationPreviewSchema,
  type GnsAuthority,
} from '@isthmus/plugin-gns-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { FakeIssuing } from '../__testUtils__/FakeIssuing';
import {
  clusterWith,
  exactly,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from '../__testUtils__/hubBackend';
import { localSigner } from '../authority/certificates/CaSigner';
import { buildRoot, newLocalKey } from '../authority/certificates/roots';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const AUTHORITY = '/global-namespaces/shop/authority';

async function rootOf(name: string) {
  const { privateKey, publicKey } = newLocalKey();
  const { pem } = await buildRoot({
    gns: name,
    signer: localSigner(privateKey, publicKey),
    now: Date.now(),
    lifeMs: 90 * 24 * 3600_000,
  });
  return {
    pem,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

async function settledAuthority(knex: Knex) {
  const hub = await startHubBackend(knex);
  const controller = await clusterWith(hub, 'eu-1', '198.51.100.1', {
    web: ['front'],
  });
  const eu = new FakeIssuing(controller, 'eu-1', (await rootOf('mesh')).pem);
  const put = await hub
    .put(
      SHOP,
      shopWith([exactly('eu-1', 'web')], { authority: { mode: 'dedicated' } }),
    )
    .set('If-None-Match', '*');
  expect(put.status).toBe(200);
  await until(eu, hub, shop =>
    expect(shop.transition.waits.map(w => w.reason)).toEqual([
      'callersUnknown',
    ]),
  );
  const decided = await hub.post(`${AUTHORITY}/transition`, {
    waiveUnmeasured: true,
    reason: 'nobody else calls it',
  });
  expect(decided.status).toBe(200);
  await until(eu, hub, shop =>
    expect(shop.transition).toMatchObject({ state: 'settled', waits: [] }),
  );
  return { hub, eu };
}

async function read(hub: HubBackend): Promise<GnsAuthority> {
  const answer = await hub.get(AUTHORITY);
  if (answer.status !== 200) throw new Error(answer.text);
  return gnsAuthoritySchema.parse(answer.body);
}

async function until(
  eu: FakeIssuing,
  hub: HubBackend,
  check: (shop: GnsAuthority) => void,
): Promise<GnsAuthority> {
  return eventually(async () => {
    await eu.tick();
    const shop = await read(hub);
    check(shop);
    return shop;
  }, 30_000);
}

const states = (shop: GnsAuthority) => shop.roots.map(r => r.state);

describe.each(databases.eachSupportedId())(
  'authorities over REST, on %s',
  id => {
    let knex: Knex;
    beforeEach(async () => {
      knex = await migratedDatabase(databases, id);
    });

    it('rotates by hand, each step with its proof, back and forth', async () => {
      const { hub, eu } = await settledAuthority(knex);
      const rotate = (action: string, body: object = {}) =>
        hub.post(`${AUTHORITY}/rotation/${action}`, body);
      const first = await read(hub);
      expect(states(first)).toEqual(['active']);
      expect(first).toMatchObject({
        availability: { state: 'signing' },
        pods: { total: 2, own: 2, mesh: 0, unknown: 0 },
        clusters: [{ cluster: 'eu-1', coverage: { state: 'ok' } }],
      });
      expect(first.clusters[0].aloneUntil).toBe(
        first.clusters[0].issuer?.notAfter,
      );

      // Pods do not ask again yet, so nothing is proven.
      eu.renews = false;
      expect((await rotate('prepare')).status).toBe(200);
      await until(eu, hub, shop => {
        expect(shop.rotation.proof.bundleClusters.meeting).toBe(1);
      });
      const unproven = await rotate('activate');
      expect(unproven.status).toBe(409);
      expect(unproven.body.error.message).toContain(
        '2 of 2 pods do not hold it',
      );
      expect((await rotate('prepare')).status).toBe(409);

      // Back, and again.
      expect((await rotate('reverse')).status).toBe(200);
      expect(states(await read(hub))).toEqual(['active', 'revoked']);
      expect((await rotate('prepare')).status).toBe(200);
      eu.renews = true;
      await until(eu, hub, shop =>
        expect(shop.rotation.actions.activate.state).toBe('allowed'),
      );
      expect((await rotate('pause')).status).toBe(200);
      expect((await rotate('activate')).status).toBe(409);
      expect((await rotate('resume')).status).toBe(200);
      expect((await rotate('activate')).status).toBe(200);
      const overlap = await until(eu, hub, shop =>
        expect(shop.rotation.actions.retire.state).toBe('allowed'),
      );
      expect(states(overlap)).toEqual(['old', 'revoked', 'active']);
      const active = overlap.roots[2];
      expect(active.crossSignedBy).toMatchObject([
        { keyId: overlap.roots[0].keyId },
      ]);
      // Who is cut off goes on verifying through it.
      expect(eu.issuers.get('shop')!.chain).toHaveLength(2);
      expect((await rotate('retire', { reason: 'all moved' })).status).toBe(
        200,
      );
      const done = await read(hub);
      expect(states(done)).toEqual(['revoked', 'revoked', 'active']);
      expect(done.roots[0].key).toEqual({ held: 'none' });
      await hub.backend.stop();
    });

    it('revokes a root only by what was shown', async () => {
      const { hub, eu } = await settledAuthority(knex);
      const [{ keyId }] = (await read(hub)).roots;
      const path = `${AUTHORITY}/roots/${keyId}`;
      const shown = revocationPreviewSchema.parse(
        (await hub.get(`${path}/revocation`)).body,
      );
      expect(shown).toMatchObject({
        possible: true,
        breaks: [
          { cluster: 'eu-1', namespace: 'web', workload: 'app', pods: 2 },
        ],
        issuerClusters: ['eu-1'],
      });
      const blind = await hub.post(`${path}/revoke`, {
        hash: 'x',
        reason: 'r',
      });
      expect(blind.status).toBe(409);
      const done = await hub.post(`${path}/revoke`, {
        hash: shown.hash,
        reason: 'the database was stolen',
      });
      expect(done.status).toBe(200);
      const after = await until(eu, hub, shop =>
        expect(shop.rotation.proof.issuers.meeting).toBe(1),
      );
      expect(states(after)).toEqual(['revoked', 'active']);
      const bundle = await hub.get(`${AUTHORITY}/bundle`);
      expect(bundle.body.rootKeyIds).toEqual([after.roots[1].keyId]);
      const pem = await hub
        .get(`${AUTHORITY}/bundle`)
        .set('accept', 'application/x-pem-file');
      expect(pem.headers['content-type']).toContain('application/x-pem-file');
      await hub.backend.stop();
    });

    it('takes roots in and out, and no answer holds a key in the clear', async () => {
      const { hub, eu } = await settledAuthority(knex);
      const own = await rootOf('mine');
      const imported = await hub.post(`${AUTHORITY}/import`, {
        type: 'root',
        certificate: own.pem,
        privateKey: own.key,
      });
      expect(imported.status).toBe(200);
      expect(imported.text).not.toContain('PRIVATE');
      const wrong = await hub.post(`${AUTHORITY}/import`, {
        type: 'root',
        certificate: own.pem,
        privateKey: (await rootOf('other')).key,
      });
      expect(wrong.status).toBe(400);
      expect(wrong.text).toContain('is not the key of the certificate');
      expect(wrong.text).not.toContain('PRIVATE');

      const backup = authorityBackupSchema.parse(
        (await hub.post(`${AUTHORITY}/export`)).body,
      );
      expect(backup.roots.map(r => r.state).sort()).toEqual([
        'active',
        'prepared',
      ]);
      // The rows are lost: nothing is made in their place, and they come back.
      await knex('gns_authority_roots').delete();
      await knex('gns_hub').increment('authority_revision', 1);
      // Has the hub look at it now.
      await hub.post(`${AUTHORITY}/transition`, {});
      await eventually(async () => {
        expect((await read(hub)).availability).toMatchObject({
          state: 'unavailable',
          reason: 'RootLost',
        });
      });
      expect(await knex('gns_authority_roots')).toEqual([]);
      const back = await hub.post(`${AUTHORITY}/import`, {
        type: 'backup',
        backup,
      });
      expect(back.status).toBe(200);
      await until(eu, hub, shop => {
        expect(states(shop).sort()).toEqual(['active', 'prepared']);
        expect(shop.availability.state).toBe('signing');
      });
      await hub.backend.stop();
    });

    it('lists what was given out, with search and pages', async () => {
      const { hub, eu } = await settledAuthority(knex);
      const at = (minutes: number) =>
        new Date(Date.now() + minutes * 60_000).toISOString();
      const records = Array.from({ length: 5 }, (_, i) => ({
        serial: `0${i}ab`,
        gns: 'shop',
        namespace: 'web',
        serviceAccount: 'front',
        pod: `front-${i}`,
        podUid: `uid-${i}`,
        spiffeId: 'spiffe://cluster.local/ns/web/sa/front',
        issuerKeyId: 'ab'.repeat(20),
        rootKeyId: 'cd'.repeat(20),
        bundleEpoch: 1,
        issuedAt: at(-50 - i),
        notAfter: at(10 - i),
      }));
      await eu.controller.report({
        issueRecords: [
          ...records,
          { ...records[0], gns: 'foreign', serial: 'ff' },
        ],
      });
      const list = async (query: string) =>
        issuanceListSchema.parse(
          (await hub.get(`${AUTHORITY}/issuances${query}`)).body,
        );
      const first = await list('?limit=3');
      expect(first.items.map(i => i.pod)).toEqual([
        'front-0',
        'front-1',
        'front-2',
      ]);
      const second = await list(`?limit=3&cursor=${first.nextCursor}`);
      expect(second.items.map(i => i.pod)).toEqual(['front-3', 'front-4']);
      expect(second.nextCursor).toBeUndefined();
      expect((await list('?search=front-4')).items).toHaveLength(1);
      expect((await list('?search=03AB')).items).toHaveLength(1);
      expect((await list('?search=%25')).items).toEqual([]);
      expect((await list('?state=expiring')).items).toHaveLength(5);
      expect((await list('?cluster=us-1')).items).toEqual([]);
      // Once more is the same.
      await eu.controller.report({ issueRecords: records });
      expect((await list('')).items).toHaveLength(5);
      const bad = await hub.get(`${AUTHORITY}/issuances?cursor=!`);
      expect(bad.status).toBe(400);

      const issuers = clusterIssuersSchema.parse(
        (await hub.get('/clusters/eu-1/issuers')).body,
      );
      expect(issuers.items).toMatchObject([{ gns: 'shop', pods: { own: 2 } }]);
      expect(issuers.aloneUntil).toBeDefined();
      expect((await hub.get('/hub')).body.authorities).toEqual({
        state: 'signing',
      });
      expect((await hub.get('/authorities')).body.items).toMatchObject([
        { gns: 'shop', transition: 'settled', rotation: 'idle' },
      ]);
      const keys = keyProtectionSchema.parse(
        (await hub.get('/authority')).body,
      );
      expect(keys).toMatchObject({
        development: true,
        keys: [{ current: true, rows: 1, removable: false }],
      });
      await hub.backend.stop();
    });

    it('asks for permissions of its own', async () => {
      const asked: string[] = [];
      const hub = await startHubBackend(knex, [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => {
              asked.push(permission.name);
              return { result: AuthorizeResult.DENY };
            }),
        }).factory,
      ]);
      for (const [method, path] of [
        ['get', AUTHORITY],
        ['get', '/authority'],
        ['get', '/authorities'],
        ['post', `${AUTHORITY}/rotation/prepare`],
        ['post', `${AUTHORITY}/transition`],
        ['post', `${AUTHORITY}/export`],
        ['post', `${AUTHORITY}/import`],
        ['post', `${AUTHORITY}/roots/${'ab'.repeat(20)}/revoke`],
      ] as const) {
        expect([path, (await hub[method](path, {})).status]).toEqual([
          path,
          403,
        ]);
      }
      expect(new Set(asked)).toEqual(new Set(['gns.authority.read']));
      await hub.backend.stop();
    });
  },
);
