import type { Knex } from 'knex';
import type { TelemetryStatus } from '@isthmus/plugin-gns-common';
import type { Retention } from '../retention';
import { freshnessOfSource, readSourceStates } from '../topology/readCoverage';
import { DAY, isoOf, MINUTE, QUARTER, toSeconds } from '../time';
import { RESOURCES_STEP } from '../resources/resourcesOf';
import type { SourceRow } from './rows';

interface SizeRow {
  step: number;
  rows: number | string;
  bytes: number | string | null;
  oldest: number | string | null;
  newest: number | string | null;
}

async function sizesOf(
  knex: Knex,
  table: string,
  bytes: string,
): Promise<Map<number, SizeRow>> {
  const rows: SizeRow[] = await knex(table)
    .where(bytes, '>', 0)
    .groupBy('step')
    .select('step')
    .count({ rows: '*' })
    .sum({ bytes })
    .min({ oldest: 'start' })
    .max({ newest: 'start' });
  return new Map(rows.map(r => [r.step, r]));
}

/** `PT3H`, `P7D`: ISO 8601, for people and programs. */
function durationOf(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  return hours % 24 === 0 && hours >= 72 ? `P${hours / 24}D` : `PT${hours}H`;
}

/** How much is kept, for how long, and where it comes from. */
export async function readStatus(
  knex: Knex,
  context: {
    now: number;
    retention: Retention;
    /** Ids of clusters that the hub reads itself. */
    observed: ReadonlySet<string>;
  },
): Promise<TelemetryStatus> {
  const { retention } = context;
  const now = toSeconds(context.now);
  const edges = await sizesOf(knex, 'gns_traffic', 'edges_bytes');
  const increments = await sizesOf(knex, 'gns_increments', 'bytes');
  const [resources]: Omit<SizeRow, 'step'>[] = await knex('gns_resources')
    .count({ rows: '*' })
    .sum({ bytes: 'bytes' })
    .min({ oldest: 'at' })
    .max({ newest: 'at' });
  const row = (
    kind: TelemetryStatus['storage'][number]['kind'],
    step: number,
    kept: number,
  ): TelemetryStatus['storage'][number] => {
    const size = {
      edges: edges.get(step),
      increments: increments.get(step),
      resources,
    }[kind];
    const at = (time: number | string | null | undefined) =>
      time === null || time === undefined ? null : isoOf(Number(time));
    return {
      kind,
      stepSeconds: step,
      retention: durationOf(kept),
      rows: Number(size?.rows ?? 0),
      bytes: Number(size?.bytes ?? 0),
      oldest: at(size?.oldest),
      newest: at(size?.newest),
    };
  };
  const [{ count }] = await knex('gns_traffic')
    .where({ compacted: 0 })
    .count({ count: '*' });
  const states = await readSourceStates(knex, now);
  const sources: (SourceRow & { name: string })[] = await knex(
    'gns_clusters as c',
  )
    .leftJoin('gns_telemetry_sources as s', 's.cluster_id', 'c.id')
    .whereNot('c.state', 'waiting')
    .orderBy('c.name')
    .select('s.*', 'c.id as cluster_id', 'c.name');
  return {
    storage: [
      row('edges', MINUTE, retention.edgeMinutesMs),
      row('edges', QUARTER, retention.edgeQuartersMs),
      row('increments', MINUTE, retention.incrementMinutesMs),
      row('increments', QUARTER, retention.incrementQuartersMs),
      row('increments', DAY, retention.incrementQuartersMs),
      row('resources', RESOURCES_STEP, retention.edgeQuartersMs),
    ],
    pending: Number(count),
    clusters: sources.map(source => {
      const state = states.get(source.cluster_id);
      return {
        cluster: source.name,
        source: context.observed.has(source.cluster_id)
          ? ('observed' as const)
          : ('controller' as const),
        state: freshnessOfSource(state, now),
        dataAt: state?.dataAt === undefined ? null : isoOf(state.dataAt),
        sliceSeconds: source.slice_seconds,
        istioClusterId: source.istio_cluster_id,
        clockSkewSeconds:
          source.clock_skew_ms === null
            ? null
            : Math.round(Number(source.clock_skew_ms) / 1000),
        edges: source.edges,
        refused: Number(source.refused ?? 0),
        lastRefusal: source.last_refusal,
      };
    }),
  };
}
