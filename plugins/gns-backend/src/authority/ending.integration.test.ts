import { mockServices } from '@backstage/backend-test-utils';
import { parseDefinition } from '@isthmus/plugin-gns-common';
import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { SHOP, shopWith, startHubBackend } from '../__testUtils__/hubBackend';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { DEFAULT_FRESHNESS } from '../members/freshness';
import { AuthorityHub } from './AuthorityHub';
import { writeIdentityReport } from './store/reportRows';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const DAY = 24 * 3600_000;

/** The database outlives the backend. */
function kept(knex: Knex): Knex {
  return new Proxy(knex, {
    get: (target, name) =>
      name === 'destroy' ? async () => undefined : Reflect.get(target, name),
  });
}

function parsedShop() {
  const parsed = parseDefinition(
    shopWith([], { authority: { mode: 'dedicated' } }),
  );
  if (!parsed.ok) throw new Error('bad test');
  return parsed.definition;
}

describe.each(databases.eachSupportedId())(
  'the authority of a global namespace that is deleted, on %s',
  id => {
    let knex: Knex;
    let definitions: DatabaseDefinitionStore;
    let now: number;
    let authorities: AuthorityHub;

    beforeEach(async () => {
      knex = await migratedDatabase(databases, id);
      const hub = await startHubBackend(kept(knex));
      await hub
        .put(SHOP, shopWith([], { authority: { mode: 'dedicated' } }))
        .set('If-None-Match', '*');
      await eventually(async () => {
        const { length } = await knex('gns_authority_roots');
        if (length !== 1) throw new Error(`${length} roots`);
      });
      await hub.backend.stop();
      now = Date.now();
      definitions = DatabaseDefinitionStore.create({ knex });
      authorities = new AuthorityHub({
        knex,
        config: {
          keys: [],
          rootLifeMs: 3650 * DAY,
          issuerLifeMs: 7 * DAY,
          keepDeletedMs: 30 * DAY,
        },
        protector: undefined,
        production: false,
        definitions,
        audit: (entry, trx) => definitions.audit(entry, trx),
        freshness: DEFAULT_FRESHNESS,
        logger: mockServices.logger.mock(),
        now: () => now,
        onChange: () => undefined,
      });
    });

    const look = async () => {
      authorities.keeper.trigger();
      await authorities.keeper.settled();
      return (await authorities.store.read('shop'))!;
    };
    const remove = (generation = 1) =>
      definitions.delete(
        { kind: 'GlobalNamespace', name: 'shop' },
        generation,
        {
          actor: 'user:default/jo',
          message: 'no longer needed',
        },
      );
    const defineAgain = () =>
      definitions.put(
        parsedShop(),
        { type: 'absent' },
        { actor: 'user:default/jo', message: 'needed after all' },
      );

    it('is the same for who restores it in time', async () => {
      const [first] = (await look()).roots;
      await remove();
      now += 29 * DAY;
      expect((await look()).roots).toMatchObject([
        { keyId: first.keyId, state: 'active' },
      ]);
      await defineAgain();
      now += 2 * DAY;
      expect((await look()).roots).toMatchObject([
        { keyId: first.keyId, state: 'active' },
      ]);
      expect(authorities.keeper.availabilityOf('shop')).toEqual({
        state: 'signing',
      });
    });

    it('ends after a month: its keys are destroyed, and the next one of that name is another', async () => {
      const before = await look();
      await remove();
      now += 31 * DAY;
      const ended = await look();
      expect(ended.roots).toMatchObject([
        { keyId: before.roots[0].keyId, state: 'revoked', sealed: undefined },
      ]);
      expect(authorities.keeper.availabilityOf('shop')).toBeUndefined();
      const entries = await definitions.listAudit({
        subject: 'authority:shop',
        limit: 10,
      });
      expect(entries.map(e => e.action)).toEqual([
        'authority-end',
        'authority-create',
      ]);
      // Once.
      await look();
      expect(
        await definitions.listAudit({ subject: 'authority:shop', limit: 10 }),
      ).toHaveLength(2);

      await defineAgain();
      const next = await look();
      expect(next.roots.map(r => r.state)).toEqual(['revoked', 'active']);
      expect(next.bundleEpoch).toBeGreaterThan(before.bundleEpoch);
      expect(authorities.keeper.availabilityOf('shop')).toEqual({
        state: 'signing',
      });
    });

    it('stays while a cluster holds its bundle, and where nobody deleted anything', async () => {
      const [{ keyId }] = (await look()).roots;
      await knex('gns_definitions').delete();
      now += 1000 * DAY;
      expect((await look()).roots[0].state).toBe('active');
      await defineAgain();
      const [{ generation }] = await definitions.list();
      await remove(generation);
      now += 31 * DAY;
      await writeIdentityReport(
        knex,
        'eu',
        {
          observedAt: new Date(now).toISOString(),
          meshRoots: [],
          authorities: {
            shop: {
              bundleEpoch: 1,
              bundleRoots: [keyId],
              namespaces: [],
              workloads: [],
            },
          },
        },
        new Date(now).toISOString(),
      );
      expect((await look()).roots[0].state).toBe('active');
    });
  },
);
