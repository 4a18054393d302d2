import { randomBytes } from 'node:crypto';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { keyProtectionSchema } from '@isthmus/plugin-gns-common';
import {
  gnsKeyProtectorExtensionPoint,
  type KeyProtector,
} from '@isthmus/plugin-gns-node';
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
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { DEFAULT_FRESHNESS } from '../members/freshness';
import { AuthorityHub } from './AuthorityHub';
import { localSigner } from './certificates/CaSigner';
import { buildRoot, newLocalKey } from './certificates/roots';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const AUTHORITY = '/global-namespaces/shop/authority';
const secret = () => randomBytes(32).toString('base64');
const configOf = (...keys: string[]) => ({
  gns: { authority: { keys: keys.map(k => ({ secret: k })) } },
});

async function meshRoot(): Promise<string> {
  const { privateKey, publicKey } = newLocalKey();
  const signer = localSigner(privateKey, publicKey);
  const lifeMs = 3600_000;
  return (await buildRoot({ gns: 'mesh', signer, now: Date.now(), lifeMs }))
    .pem;
}

async function dedicatedShop(hub: HubBackend): Promise<FakeIssuing> {
  const controller = await clusterWith(hub, 'eu-1', '198.51.100.1', {
    web: ['front'],
  });
  const eu = new FakeIssuing(controller, 'eu-1', await meshRoot());
  const spec = { authority: { mode: 'dedicated' } };
  await hub
    .put(SHOP, shopWith([exactly('eu-1', 'web')], spec))
    .set('If-None-Match', '*');
  await eventually(async () => {
    await eu.tick();
    expect(eu.issuers.has('shop')).toBe(true);
  });
  return eu;
}

/** A backend on the same database, and the controller that goes on with it. */
async function again(knex: Knex, eu: FakeIssuing, config: object) {
  const hub = await startHubBackend(knex, [], config);
  eu.controller.base = hub.base;
  return hub;
}

/** The database outlives the backends of a test. */
function kept(knex: Knex): Knex {
  return new Proxy(knex, {
    get: (target, name) =>
      name === 'destroy' ? async () => undefined : Reflect.get(target, name),
  });
}

/** A KMS whose keys never leave it. */
class FakeKms implements KeyProtector {
  readonly id = 'fake-kms';
  healthy = true;
  readonly keys = new Map<string, ReturnType<typeof newLocalKey>>();

  async status() {
    if (!this.healthy) throw new Error('connect ECONNREFUSED');
    return { healthy: true, keyId: 'master', keyIds: ['master'] };
  }
  async wrap(): Promise<never> {
    throw new Error('not needed: keys stay here');
  }
  async unwrap(): Promise<never> {
    throw new Error('not needed: keys stay here');
  }
  readonly signer = {
    createKey: async (reference: string) => {
      if (!this.healthy) throw new Error('connect ECONNREFUSED');
      const key = this.keys.get(reference) ?? newLocalKey();
      this.keys.set(reference, key);
      return key.publicKey.export({ type: 'spki', format: 'der' });
    },
    sign: async (reference: string, bytes: Uint8Array) => {
      if (!this.healthy) throw new Error('secret-token-in-an-error');
      const { privateKey, publicKey } = this.keys.get(reference)!;
      return localSigner(privateKey, publicKey).sign(bytes);
    },
    destroyKey: async (reference: string) => {
      this.keys.delete(reference);
    },
  };
}

describe.each(databases.eachSupportedId())('keys of authorities, on %s', id => {
  let knex: Knex;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
  });
  afterEach(() => knex.destroy());

  it('are sealed anew under a new key; until then the old one is needed, and without it nothing is signed', async () => {
    const [a, b] = [secret(), secret()];
    const first = await startHubBackend(kept(knex), [], configOf(a));
    const eu = await dedicatedShop(first);
    const [before] = await knex('gns_authority_roots');
    await first.backend.stop();

    // The wrong key: signing stops, nothing else, and no root is made in its place.
    const wrong = await again(kept(knex), eu, configOf(b));
    await eventually(async () => {
      const { body } = await wrong.get('/hub');
      expect(body.authorities).toMatchObject({
        state: 'unavailable',
        reason: 'KeyMissing',
      });
    });
    eu.renewKey('shop');
    const refused = await eu.ask('shop').catch(error => error);
    expect(refused).toMatchObject({ status: 503 });
    expect(refused.message).toContain('gns.authority.keys');
    expect(await knex('gns_authority_roots')).toHaveLength(1);
    const missing = keyProtectionSchema.parse(
      (await wrong.get('/authority')).body,
    );
    expect(missing.keys).toContainEqual(
      expect.objectContaining({ present: false, rows: 1, removable: false }),
    );
    expect((await wrong.get('/global-namespaces')).status).toBe(200);
    await wrong.backend.stop();

    // Both: sealed with the first, and the second may go.
    const both = await again(kept(knex), eu, configOf(b, a));
    await eventually(async () => {
      const keys = keyProtectionSchema.parse(
        (await both.get('/authority')).body,
      );
      expect(keys.rewrap).toMatchObject({ state: 'done', total: 1, done: 1 });
      expect(keys.keys).toEqual([
        expect.objectContaining({ current: true, rows: 1, removable: false }),
        expect.objectContaining({ current: false, rows: 0, removable: true }),
      ]);
    });
    const [after] = await knex('gns_authority_roots');
    expect(after.kek_id).not.toBe(before.kek_id);
    expect(after.certificate).toBe(before.certificate);
    await both.backend.stop();

    const alone = await again(kept(knex), eu, configOf(b));
    eu.renewKey('shop');
    expect((await eu.ask('shop')).rootKeyId).toBe(before.key_id);
    await alone.backend.stop();
  });

  it('may never be in the database at all: a key protector signs', async () => {
    const kms = new FakeKms();
    const module = createBackendModule({
      pluginId: 'gns',
      moduleId: 'fake-kms',
      register(env) {
        env.registerInit({
          deps: { protectors: gnsKeyProtectorExtensionPoint },
          async init({ protectors }) {
            protectors.setKeyProtector(kms);
          },
        });
      },
    });
    const hub = await startHubBackend(kept(knex), [module]);
    const eu = await dedicatedShop(hub);
    const [root] = await knex('gns_authority_roots');
    expect(root).toMatchObject({ protector: 'fake-kms', sealed: null });
    expect(kms.keys.has(root.key_reference)).toBe(true);

    kms.healthy = false;
    eu.renewKey('shop');
    const refused = await eu.ask('shop').catch(error => error);
    expect(refused.status).toBe(503);
    expect(refused.message).not.toContain('secret-token-in-an-error');
    kms.healthy = true;
    const prepared = await hub.post(`${AUTHORITY}/rotation/prepare`);
    expect(prepared.status).toBe(200);
    expect(kms.keys.size).toBe(2);
    const reversed = await hub.post(`${AUTHORITY}/rotation/reverse`);
    expect(reversed.status).toBe(200);
    // No orphan key.
    expect([...kms.keys.keys()]).toEqual([root.key_reference]);
    await hub.backend.stop();
  });

  it('of development are refused in production, and nothing is made with them', async () => {
    const hub = await startHubBackend(kept(knex));
    const put = await hub
      .put(SHOP, shopWith([], { authority: { mode: 'mesh' } }))
      .set('If-None-Match', '*');
    await hub.backend.stop();
    const definitions = DatabaseDefinitionStore.create({ knex });
    const authorities = new AuthorityHub({
      knex,
      config: {
        keys: [],
        rootLifeMs: 1e10,
        issuerLifeMs: 1e8,
        keepDeletedMs: 1e10,
      },
      protector: undefined,
      production: true,
      definitions: {
        revisions: (ref, page) => definitions.revisions(ref, page),
        list: async options =>
          (await definitions.list(options)).map(record => ({
            ...record,
            definition: {
              ...record.definition,
              spec: {
                ...(record.definition.spec as object),
                authority: { mode: 'dedicated', leafTtl: '1h' },
              },
            },
          })),
      },
      audit: (entry, trx) => definitions.audit(entry, trx),
      freshness: DEFAULT_FRESHNESS,
      logger: mockServices.logger.mock(),
      now: Date.now,
      onChange: () => undefined,
    });
    expect(put.status).toBe(200);
    authorities.keeper.trigger();
    await authorities.keeper.settled();
    expect(authorities.keeper.availabilityOf('shop')).toMatchObject({
      state: 'unavailable',
      reason: 'DevelopmentKey',
    });
    expect(await knex('gns_authorities')).toEqual([]);
  });
});
