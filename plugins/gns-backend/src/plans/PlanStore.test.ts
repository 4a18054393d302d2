import type { Knex } from 'knex';
import { canonicalJson, parseDefinition } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import {
  confirmAction,
  CONFIRMED_PLAN_MS,
  PLAN_VALID_MS,
  readAnnounced,
  rememberPlan,
} from './PlanStore';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const ABSENT = { type: 'absent' } as const;
const JO = { actor: 'user:default/jo', message: '' };

function gns(name: string, title = 'A title') {
  const parsed = parseDefinition({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name, title },
    spec: { domain: `${name}.gns.internal` },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definition;
}

describe.each(databases.eachSupportedId())('confirmed plans on %s', id => {
  let knex: Knex;
  let clock: number;
  let store: DatabaseDefinitionStore;
  const losses = [
    { clusterId: 'c1', key: 'v1/Service/a/x', gns: 'shop' },
    { clusterId: 'c1', key: 'v1/Service/b/y', gns: 'pay' },
  ];
  const remember = (
    hash: string,
    documents: Record<string, ReturnType<typeof gns> | null>,
  ) =>
    rememberPlan(
      knex,
      {
        hash,
        documents: new Map(
          Object.entries(documents).map(([ref, d]) => [
            ref,
            d && canonicalJson(d),
          ]),
        ),
        losses,
      },
      clock,
    );
  const announced = async () => [...(await readAnnounced(knex, clock))].sort();
  const SHOP = 'GlobalNamespace:shop';
  const PAY = 'GlobalNamespace:pay';

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    clock = Date.parse('2026-11-01T10:00:00.000Z');
    store = DatabaseDefinitionStore.create({
      knex,
      now: () => new Date(clock),
    });
  });
  afterEach(() => knex.destroy());

  it('what a plan announced passes once its very definition is written, and no longer than an hour', async () => {
    await remember('p1', { [SHOP]: gns('shop') });
    expect(await announced()).toEqual([]);
    await store.put(gns('shop'), ABSENT, { ...JO, plan: 'p1' });
    // All that the plan wrote is written: also what it does to others passes.
    expect(await announced()).toEqual([
      ['c1/v1/Service/a/x', 'p1'],
      ['c1/v1/Service/b/y', 'p1'],
    ]);
    clock += CONFIRMED_PLAN_MS;
    expect(await announced()).toEqual([]);
  });

  it('a plan confirms no other document, and the write changes nothing', async () => {
    await remember('p1', { [SHOP]: gns('shop') });
    await expect(
      store.put(gns('shop', 'Another'), ABSENT, { ...JO, plan: 'p1' }),
    ).rejects.toMatchObject({
      statusCode: 409,
      conflict: { type: 'plan', reason: 'otherDefinition' },
    });
    await expect(
      store.put(gns('pay'), ABSENT, { ...JO, plan: 'p1' }),
    ).rejects.toMatchObject({ statusCode: 409 });
    expect(await store.list()).toEqual([]);
    expect(await announced()).toEqual([]);
  });

  it('a plan that nobody made, or an old one, confirms nothing', async () => {
    await expect(
      store.put(gns('shop'), ABSENT, { ...JO, plan: 'p1' }),
    ).rejects.toMatchObject({ conflict: { reason: 'unknown' } });
    await remember('p1', { [SHOP]: gns('shop') });
    clock += PLAN_VALID_MS + 1;
    await expect(
      store.put(gns('shop'), ABSENT, { ...JO, plan: 'p1' }),
    ).rejects.toMatchObject({ conflict: { reason: 'unknown' } });
  });

  it('of a plan with two definitions, only what concerns the written one passes', async () => {
    await remember('p1', { [SHOP]: gns('shop'), [PAY]: gns('pay') });
    await store.put(gns('shop'), ABSENT, { ...JO, plan: 'p1' });
    expect(await announced()).toEqual([['c1/v1/Service/a/x', 'p1']]);
    await store.put(gns('pay'), ABSENT, { ...JO, plan: 'p1' });
    expect(await announced()).toHaveLength(2);
  });

  it('the next write ends what the plan of the last one let pass', async () => {
    await remember('p1', { [SHOP]: gns('shop') });
    await store.put(gns('shop'), ABSENT, { ...JO, plan: 'p1' });
    await store.put(
      gns('shop', 'Another'),
      { type: 'generation', generation: 1 },
      JO,
    );
    expect(await announced()).toEqual([]);
  });

  it('a deletion is confirmed by a plan of that deletion', async () => {
    await store.put(gns('shop'), ABSENT, JO);
    const ref = { kind: 'GlobalNamespace', name: 'shop' };
    await remember('p1', { [SHOP]: gns('shop') });
    await expect(
      store.delete(ref, 1, { ...JO, plan: 'p1' }),
    ).rejects.toMatchObject({ statusCode: 409 });
    await remember('p2', { [SHOP]: null });
    await store.delete(ref, 1, { ...JO, plan: 'p2' });
    expect(await announced()).toHaveLength(2);
    await store.put(gns('shop'), ABSENT, JO);
    expect(await announced()).toEqual([]);
  });

  it('an action on a cluster is confirmed by the consequences of that action', async () => {
    await remember('p1', { 'cluster:c1/drain': null });
    const confirm = (subject: string) =>
      confirmAction(knex, {
        hash: 'p1',
        subject,
        actor: JO.actor,
        now: clock,
      });
    await expect(confirm('cluster:c1/disconnect')).rejects.toMatchObject({
      statusCode: 409,
    });
    await confirm('cluster:c1/drain');
    expect(await announced()).toHaveLength(2);
  });
});
