/**
 * The list of 1,000 objectives with their compliance, as REST answers it.
 *
 *   node --import tsx bench/sloList.bench.ts
 *
 * Evaluation runs beside the answers, in the background; its times stand below
 * the list's. The store is a function of time over 10 clusters, so they are of
 * the arithmetic alone.
 */
import { performance } from 'node:perf_hooks';
import createKnex from 'knex';
import { FakeIncrements } from '../plugins/gns-backend/src/__testUtils__/FakeIncrements';
import { objectiveOf } from '../plugins/gns-backend/src/__testUtils__/sloDefinitions';
import { migrate } from '../plugins/gns-backend/src/database/migrate';
import { DatabaseDefinitionStore } from '../plugins/gns-backend/src/definitions/DatabaseDefinitionStore';
import { readableSlos } from '../plugins/gns-backend/src/service/readableSlos';
import { selectSlos } from '../plugins/gns-backend/src/slo/selectSlos';
import { SloService } from '../plugins/gns-backend/src/slo/SloService';

const OBJECTIVES = 1000;
const CLUSTERS = 10;
const ROUNDS = 50;
const HOUR = 3600;
const NOW = Math.floor(Date.now() / 900_000) * 900;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function main() {
  const knex = createKnex({
    client: 'better-sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await migrate({ getClient: async () => knex });
  const definitions = DatabaseDefinitionStore.create({ knex });
  for (let i = 0; i < OBJECTIVES; i += 1) {
    await definitions.put(
      objectiveOf(
        {
          services: [`service-${i}`],
          window: { type: 'rolling', days: 1 },
        },
        { gns: `gns-${i % 20}`, name: `objective-${i}` },
      ) as never,
      { type: 'absent' },
      { actor: 'user:default/bench', message: '' },
    );
  }
  const store = new FakeIncrements({
    clusters: Array.from({ length: CLUSTERS }, (_, c) => `cluster-${c}`),
    now: NOW,
    start: NOW - 26 * HOUR,
    minute: ({ service }, at) => {
      const hash = (Number(service.slice(8)) * 31 + at / 60) % 97;
      return { ok: 100 + hash, server: hash === 0 ? 3 : 0 };
    },
  });
  const slo = new SloService({
    knex,
    definitions,
    reader: store,
    logger: { ...console, debug: () => {}, child: () => console } as never,
    now: () => store.now * 1000,
    onChange: () => {},
  });
  const first = await timed(() => slo.run());
  const authorizer = { readablePredicate: async () => () => true };
  const list = async (limit: number) => {
    const all = await readableSlos(
      { authorizer } as never,
      {} as never,
      await slo.view(),
    );
    return JSON.stringify(selectSlos(all, {}).slice(0, limit));
  };
  const text = await list(OBJECTIVES);
  if (JSON.parse(text).length !== OBJECTIVES) throw new Error('Not all');
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    times.push(await timed(() => list(OBJECTIVES)));
  }
  times.sort((a, b) => a - b);
  store.advance(
    60,
    Array.from({ length: 20 }, (_, g) => `gns-${g}`),
  );
  const minute = await timed(() => slo.run());
  console.table({
    [`list of ${OBJECTIVES}, ${(text.length / 1024).toFixed(0)} KiB`]: {
      'best ms': times[0].toFixed(1),
      'p50 ms': times[ROUNDS / 2].toFixed(1),
      'worst ms': times[ROUNDS - 1].toFixed(1),
    },
    'first evaluation (background)': { 'best ms': first.toFixed(0) },
    'evaluation after one minute (background)': {
      'best ms': minute.toFixed(0),
    },
  });
  await slo.stop();
  await knex.destroy();
}

main();
