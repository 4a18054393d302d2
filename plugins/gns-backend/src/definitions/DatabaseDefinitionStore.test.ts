import type { Knex } from 'knex';
import {
  parseDefinition,
  type Definition,
  type DefinitionRef,
} from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { REVERIFY_MS } from './AuditVerifier';
import { DatabaseDefinitionStore } from './DatabaseDefinitionStore';

jest.setTimeout(60_000);

const SHOP: DefinitionRef = { kind: 'GlobalNamespace', name: 'shop' };
const JO = { actor: 'user:default/jo', message: '' };
const ABSENT = { type: 'absent' } as const;
const at = (generation: number) =>
  ({ type: 'generation', generation } as const);

function gns(name: string, over: { owner?: string; title?: string } = {}) {
  const parsed = parseDefinition({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name, ...over },
    spec: { domain: `${name}.gns.internal` },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definition;
}

/** As a kind of a global namespace would be stored; none is built yet. */
function route(of: string, name: string): Definition {
  return {
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'TrafficRoute',
    metadata: { name, gns: of, labels: {} },
    spec: {},
  };
}

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())(
  'DatabaseDefinitionStore on %s',
  id => {
    let knex: Knex;
    let clock: number;
    let store: DatabaseDefinitionStore;

    beforeEach(async () => {
      knex = await migratedDatabase(databases, id);
      clock = Date.parse('2026-11-01T10:00:00.000Z');
      store = DatabaseDefinitionStore.create({
        knex,
        now: () => new Date(clock),
      });
    });
    afterEach(() => knex.destroy());

    const rowsOf = async (table: string) => (await knex(table)).length;

    it('a new definition has generation 1 and is read back as it was written', async () => {
      const { result, record } = await store.put(gns('shop'), ABSENT, JO);
      expect(result).toBe('created');
      expect(record).toEqual({
        generation: 1,
        createdAt: '2026-11-01T10:00:00.000Z',
        updatedAt: '2026-11-01T10:00:00.000Z',
        updatedBy: 'user:default/jo',
        createdOrder: 1,
        definition: gns('shop'),
      });
      expect(await store.get(SHOP)).toEqual(record);
    });

    it('a change raises the generation by one and keeps the creation', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      clock += 1000;
      const { result, record } = await store.put(
        gns('shop', { title: 'Web shop' }),
        at(1),
        { actor: 'user:default/al', message: 'title' },
      );
      expect(result).toBe('updated');
      expect(record).toMatchObject({
        generation: 2,
        createdAt: '2026-11-01T10:00:00.000Z',
        updatedAt: '2026-11-01T10:00:01.000Z',
        updatedBy: 'user:default/al',
        createdOrder: 1,
      });
      expect(await store.get(SHOP)).toEqual(record);
    });

    it('an equal document writes nothing, whatever the order of its keys', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      const { metadata, spec, kind, apiVersion } = gns('shop');
      clock += 1000;
      const { result, record } = await store.put(
        { spec, metadata, kind, apiVersion },
        at(1),
        { ...JO, plan: 'abc' },
      );
      expect(result).toBe('unchanged');
      expect(record).toMatchObject({
        generation: 1,
        updatedAt: '2026-11-01T10:00:00.000Z',
      });
      expect(await rowsOf('gns_revisions')).toBe(1);
      expect(await rowsOf('gns_audit')).toBe(1);
      expect(await rowsOf('gns_plan_confirmations')).toBe(0);
    });

    it('a precondition that does not hold changes nothing and names the current generation', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      await store.put(gns('shop', { title: 'a' }), at(1), JO);
      const failed = { name: 'PreconditionFailedError', statusCode: 412 };
      await expect(store.put(gns('shop'), ABSENT, JO)).rejects.toMatchObject({
        ...failed,
        message: expect.stringContaining('exists already, with generation 2'),
      });
      await expect(store.put(gns('shop'), at(1), JO)).rejects.toMatchObject({
        ...failed,
        message: expect.stringContaining('has generation 2 by now'),
      });
      await expect(store.put(gns('none'), at(1), JO)).rejects.toMatchObject({
        ...failed,
        message: expect.stringContaining('does not exist'),
      });
      await expect(store.delete(SHOP, 1, JO)).rejects.toMatchObject(failed);
      await expect(
        store.delete({ ...SHOP, name: 'none' }, 1, JO),
      ).rejects.toMatchObject({ name: 'NotFoundError' });
      expect((await store.get(SHOP))?.generation).toBe(2);
      expect(await rowsOf('gns_audit')).toBe(2);
    });

    it('of ten writers with the same generation exactly one wins', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) =>
          store.put(gns('shop', { title: `t${i}` }), at(1), JO),
        ),
      );
      expect(outcomes.filter(o => o.status === 'fulfilled')).toHaveLength(1);
      expect(
        outcomes.flatMap(o => (o.status === 'rejected' ? [o.reason.name] : [])),
      ).toEqual(Array(9).fill('PreconditionFailedError'));
      expect((await store.get(SHOP))?.generation).toBe(2);
      expect((await store.revisions(SHOP)).intact).toBe(true);
    });

    it('of ten creations of the same name exactly one wins, the others learn that it exists', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) =>
          store.put(gns('shop', { title: `t${i}` }), ABSENT, JO),
        ),
      );
      expect(outcomes.filter(o => o.status === 'fulfilled')).toHaveLength(1);
      expect(
        outcomes.flatMap(o => (o.status === 'rejected' ? [o.reason.name] : [])),
      ).toEqual(Array(9).fill('PreconditionFailedError'));
      expect((await store.revisions(SHOP)).items).toHaveLength(1);
    });

    it('writers of different definitions share one chain without a gap', async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          i % 3
            ? store.put(gns(`gns-${i}`), ABSENT, JO)
            : store.audit({
                actor: 'hub',
                action: 'hold.open',
                subject: `hold:${i}`,
                message: '',
              }),
        ),
      );
      const entries = await store.listAudit({ limit: 100 });
      expect(entries.map(e => e.id)).toEqual(
        Array.from({ length: 12 }, (_, i) => 12 - i),
      );
      const { items, intact } = await store.revisions({
        ...SHOP,
        name: 'gns-1',
      });
      expect({ revisions: items.length, intact }).toEqual({
        revisions: 1,
        intact: true,
      });
    });

    it('a check that others overtook is refused, and nothing is written', async () => {
      const basis = await store.basis();
      await store.put(gns('other'), ABSENT, JO);
      await expect(
        store.put(gns('shop'), ABSENT, { ...JO, basis }),
      ).rejects.toMatchObject({ name: 'DefinitionsChangedError' });
      expect(await store.get(SHOP)).toBeUndefined();

      const fresh = await store.basis();
      await store.audit({ actor: 'a', action: 'x', subject: 's', message: '' });
      await store.put(gns('shop'), ABSENT, { ...JO, basis: fresh });
      await expect(
        store.delete(SHOP, 1, { ...JO, basis: fresh }),
      ).rejects.toMatchObject({ name: 'DefinitionsChangedError' });
      expect(await store.get(SHOP)).toBeDefined();
    });

    it('a definition that comes back goes on counting and has a new place in the order', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      await store.put(gns('other'), ABSENT, JO);
      await store.delete(SHOP, 1, JO);
      expect(await store.get(SHOP)).toBeUndefined();
      const { record } = await store.put(gns('shop'), ABSENT, JO);
      expect(record.generation).toBe(3);
      expect(record.createdOrder).toBeGreaterThan(2);
    });

    it('revisions tell who, when, why and what, newest first, also after the deletion', async () => {
      await store.put(gns('shop'), ABSENT, { ...JO, message: 'start' });
      clock += 1000;
      await store.put(
        gns('shop', { title: 'Web shop', owner: 'group:shop' }),
        at(1),
        { actor: 'user:default/al', message: 'owner と title' },
      );
      clock += 1000;
      await store.delete(SHOP, 2, { ...JO, message: 'gone' });
      const { items, intact } = await store.revisions(SHOP);
      expect(intact).toBe(true);
      expect(items.map(({ hash, definition, ...rest }) => rest)).toEqual([
        {
          generation: 3,
          action: 'delete',
          actor: 'user:default/jo',
          at: '2026-11-01T10:00:02.000Z',
          message: 'gone',
          changes: [
            {
              path: '',
              before: gns('shop', { title: 'Web shop', owner: 'group:shop' }),
            },
          ],
        },
        {
          generation: 2,
          action: 'update',
          actor: 'user:default/al',
          at: '2026-11-01T10:00:01.000Z',
          message: 'owner と title',
          changes: [
            { path: 'metadata.owner', after: 'group:default/shop' },
            { path: 'metadata.title', after: 'Web shop' },
          ],
        },
        {
          generation: 1,
          action: 'create',
          actor: 'user:default/jo',
          at: '2026-11-01T10:00:00.000Z',
          message: 'start',
          changes: [{ path: '', after: gns('shop') }],
        },
      ]);
      expect(items.map(i => i.definition)).toEqual([
        undefined,
        gns('shop', { title: 'Web shop', owner: 'group:shop' }),
        gns('shop'),
      ]);
    });

    it.each([
      ['an audit entry rewritten', 'gns_audit', { seq: 2 }, { message: 'x' }],
      ['an actor rewritten', 'gns_audit', { seq: 1 }, { actor: 'user:x' }],
      [
        'a revision rewritten',
        'gns_revisions',
        { generation: 1 },
        { document: '{}' },
      ],
    ])('%s breaks the chain', async (_what, table, where, update) => {
      await store.put(gns('shop'), ABSENT, JO);
      await store.put(gns('shop', { title: 'a' }), at(1), JO);
      expect((await store.revisions(SHOP)).intact).toBe(true);
      await knex(table).where(where).update(update);
      clock += REVERIFY_MS;
      expect((await store.revisions(SHOP)).intact).toBe(false);
    });

    it.each([1, 2, 3])('audit entry %d removed breaks the chain', async seq => {
      await store.put(gns('shop'), ABSENT, JO);
      await store.put(gns('shop', { title: 'a' }), at(1), JO);
      await store.put(gns('shop', { title: 'b' }), at(2), JO);
      await knex('gns_audit').where({ seq }).delete();
      expect((await store.revisions(SHOP)).intact).toBe(false);
    });

    it('what is new is verified at once, the whole once a minute', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      expect((await store.revisions(SHOP)).intact).toBe(true);
      await store.put(gns('shop', { title: 'a' }), at(1), JO);
      await knex('gns_audit').where({ seq: 2 }).update({ actor: 'user:x' });
      expect((await store.revisions(SHOP)).intact).toBe(false);
      await knex('gns_audit').where({ seq: 2 }).update({ actor: JO.actor });
      expect((await store.revisions(SHOP)).intact).toBe(true);
      await knex('gns_audit_head').update({ seq: 1 });
      expect((await store.revisions(SHOP)).intact).toBe(false);
    });

    it('revisions come page by page, each with its own changes', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      for (const [i, title] of ['a', 'b', 'c', 'd'].entries()) {
        await store.put(gns('shop', { title }), at(i + 1), JO);
      }
      const first = await store.revisions(SHOP, { limit: 2 });
      const second = await store.revisions(SHOP, { limit: 3, before: 4 });
      expect([first.more, second.more]).toEqual([true, false]);
      expect(
        [...first.items, ...second.items].map(r => [
          r.generation,
          r.changes[0].before,
        ]),
      ).toEqual([
        [5, 'c'],
        [4, 'b'],
        [3, 'a'],
        [2, undefined],
        [1, undefined],
      ]);
      expect(await store.lastState(SHOP)).toEqual(gns('shop', { title: 'd' }));
      await store.delete(SHOP, 5, JO);
      expect(await store.lastState(SHOP)).toEqual(gns('shop', { title: 'd' }));
      expect(await store.lastState({ ...SHOP, name: 'x' })).toBeUndefined();
    });

    it('an audit entry written in a transaction that fails is not there, and leaves no gap', async () => {
      const entry = { actor: 'a', action: 'x', subject: 's', message: '' };
      await expect(
        knex.transaction(async trx => {
          await store.audit(entry, trx);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      await knex.transaction(trx =>
        store.audit({ ...entry, details: { why: { b: 1, a: [2] } } }, trx),
      );
      expect(await store.listAudit({ limit: 10 })).toMatchObject([{ id: 1 }]);
      await store.put(gns('shop'), ABSENT, JO);
      expect((await store.revisions(SHOP)).intact).toBe(true);
    });

    it('the audit is listed newest first, by page and by subject', async () => {
      for (const subject of ['a', 'b', 'a', 'b', 'a']) {
        await store.audit({ actor: 'x', action: 'y', subject, message: '' });
      }
      const page = await store.listAudit({ limit: 2 });
      expect(page.map(e => e.id)).toEqual([5, 4]);
      expect(
        (await store.listAudit({ limit: 2, before: 4 })).map(e => e.id),
      ).toEqual([3, 2]);
      expect(
        (await store.listAudit({ limit: 9, subject: 'b' })).map(e => e.id),
      ).toEqual([4, 2]);
    });

    it('definitions are listed by kind, global namespace and name, by bytes, page after page', async () => {
      for (const name of ['b-1', 'b1', 'a', 'c', 'b']) {
        await store.put(gns(name), ABSENT, JO);
      }
      await store.put(route('b', 'x'), ABSENT, JO);
      await store.put(route('a', 'y'), ABSENT, JO);
      const names = (list: Array<{ definition: Definition }>) =>
        list.map(r => r.definition.metadata.name);
      expect(names(await store.list())).toEqual([
        'a',
        'b',
        'b-1',
        'b1',
        'c',
        'y',
        'x',
      ]);
      const first = await store.list({ limit: 3 });
      expect(names(first)).toEqual(['a', 'b', 'b-1']);
      expect(
        names(await store.list({ limit: 3, after: { ...SHOP, name: 'b-1' } })),
      ).toEqual(['b1', 'c', 'y']);
      expect(
        names(
          await store.list({
            after: { kind: 'TrafficRoute', gns: 'a', name: 'y' },
          }),
        ),
      ).toEqual(['x']);
      expect(names(await store.list({ kind: 'TrafficRoute' }))).toEqual([
        'y',
        'x',
      ]);
      expect(names(await store.list({ gns: 'b' }))).toEqual(['x']);
    });

    it('conditions of a permission decision filter the list', async () => {
      await store.put(gns('mine', { owner: 'group:shop' }), ABSENT, JO);
      await store.put(gns('theirs', { owner: 'group:pay' }), ABSENT, JO);
      await store.put(gns('nobodys'), ABSENT, JO);
      const owned = (...values: string[]) => ({
        property: 'owner' as const,
        values,
      });
      const shop = owned('group:default/shop');
      const pay = owned('group:default/pay');
      const names = async (
        matching: NonNullable<Parameters<typeof store.list>[0]>['matching'],
      ) =>
        (await store.list({ matching })).map(r => r.definition.metadata.name);
      expect(await names(shop)).toEqual(['mine']);
      expect(await names({ anyOf: [shop, pay] })).toEqual(['mine', 'theirs']);
      expect(await names({ allOf: [shop, pay] })).toEqual([]);
      expect(await names({ not: shop })).toEqual(['nobodys', 'theirs']);
      expect(
        await names({ allOf: [{ not: shop }, { anyOf: [pay, shop] }] }),
      ).toEqual(['theirs']);
      expect(await names(owned(''))).toEqual([]);
      expect(await names(owned())).toEqual([]);
    });

    it('reads inside a transaction see what it wrote', async () => {
      await store.put(gns('shop'), ABSENT, JO);
      await knex.transaction(async trx => {
        expect(await store.get(SHOP, trx)).toBeDefined();
        expect(await store.list({ trx })).toHaveLength(1);
      });
    });
  },
);
