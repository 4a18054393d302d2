import type { Knex } from 'knex';
import type { Freshness, TelemetryCoverage } from '@isthmus/plugin-gns-common';
import type { Directory } from '../Directory';
import type { SliceRow } from '../store/rows';
import { isoOf } from '../time';
import type { StoredSlice, Stretch } from './window';

/** A cluster that is behind by more is stale, and by much more unreachable; seconds beyond three slices. */
const LATE_SECONDS = 60;
const GONE_SECONDS = 15 * 60;
const RECENT_SECONDS = 30 * 60;

/** What the newest slices of a cluster say. */
export interface SourceState {
  /** End of the newest slice that is known; undefined: none is. */
  readonly dataAt: number | undefined;
  readonly seconds: number;
  /** Why the newest slice is unknown; undefined: it is known. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

const STATES: Readonly<Record<string, Freshness>> = {
  unreachable: 'unreachable',
  unauthorized: 'unauthorized',
  timeout: 'timeout',
};

/** How the telemetry of clusters stands, by our id; those that never delivered have no entry. */
export async function readSourceStates(
  knex: Knex,
  now: number,
): Promise<Map<string, SourceState>> {
  const recent: SliceRow[] = await knex('gns_telemetry_slices')
    .where('start', '>=', now - RECENT_SECONDS)
    .orderBy('start')
    .select('cluster_id', 'start', 'seconds', 'known', 'reason', 'message');
  const states = new Map<string, SourceState>();
  for (const row of recent) {
    const before = states.get(row.cluster_id);
    states.set(row.cluster_id, {
      dataAt: row.known > 0 ? Number(row.start) + row.seconds : before?.dataAt,
      seconds: row.seconds,
      reason: row.known > 0 ? undefined : row.reason ?? undefined,
      message: row.known > 0 ? undefined : row.message ?? undefined,
    });
  }
  const older: { cluster_id: string; end: number | string }[] = await knex(
    'gns_telemetry_slices',
  )
    .where('known', '>', 0)
    .whereNotIn(
      'cluster_id',
      [...states].flatMap(([id, s]) => (s.dataAt === undefined ? [] : [id])),
    )
    .groupBy('cluster_id')
    .select('cluster_id')
    .max({ end: knex.raw('?? + ??', ['start', 'seconds']) });
  for (const { cluster_id, end } of older) {
    const known = states.get(cluster_id);
    states.set(cluster_id, {
      dataAt: Number(end),
      seconds: known?.seconds ?? 60,
      reason: known?.reason,
      message: known?.message,
    });
  }
  return states;
}

/** How far a source can be trusted now. */
export function freshnessOfSource(
  state: SourceState | undefined,
  now: number,
): Freshness {
  if (!state) return 'unreachable';
  const age = state.dataAt === undefined ? Infinity : now - state.dataAt;
  if (age <= 3 * state.seconds + LATE_SECONDS) return 'ok';
  const told = state.reason === undefined ? undefined : STATES[state.reason];
  if (told) return told;
  return age <= GONE_SECONDS || state.reason !== undefined
    ? 'stale'
    : 'unreachable';
}

/** Of a time of the past: how much of it is known. */
function freshnessOfPast(known: number): Freshness {
  if (known > 0.999) return 'ok';
  return known > 0 ? 'stale' : 'unreachable';
}

const WHY: Readonly<Record<string, string>> = {
  unreachable: 'Its Prometheus cannot be reached',
  unauthorized: 'Its Prometheus refuses the credentials',
  timeout: 'Its Prometheus does not answer in time',
  error: 'Its Prometheus answers with an error',
  partial: 'Its Prometheus answers in part',
  notScraped: 'No proxy of it is scraped',
  stale: 'Its newest samples are old',
  noData: 'Its Prometheus has no data of this time',
};

function whyOf(state: SourceState | undefined): string {
  if (!state) return 'It never delivered telemetry';
  if (state.reason === undefined) return 'It does not report telemetry now';
  const why = WHY[state.reason] ?? state.reason;
  return state.message ? `${why}: ${state.message}` : why;
}

/**
 * Coverage of a window, by member cluster. Of the present it says how fresh a cluster is, of the
 * past how much of it is known.
 */
export function coverageOf(input: {
  gns: string;
  directory: Directory;
  simulated: ReadonlySet<string>;
  states: ReadonlyMap<string, SourceState>;
  slices: readonly StoredSlice[];
  window: Stretch;
  live: boolean;
  /** Unix seconds. */
  now: number;
}): TelemetryCoverage[] {
  const { gns, directory, states, slices, window, live, now } = input;
  const length = window.to - window.from;
  return [...directory.membersOf(gns).keys()]
    .map((id): TelemetryCoverage => {
      const state = states.get(id);
      const own = slices.filter(s => s.cluster === id);
      const known = Math.min(
        1,
        own.reduce((sum, s) => sum + s.known, 0) / length,
      );
      const freshness = live
        ? freshnessOfSource(state, now)
        : freshnessOfPast(known);
      return {
        cluster: directory.nameOf(id) ?? id,
        state: freshness,
        ...(state?.dataAt === undefined ? {} : { dataAt: isoOf(state.dataAt) }),
        simulated: input.simulated.has(id),
        known,
        ...(freshness === 'ok'
          ? {}
          : {
              reason: live
                ? whyOf(state)
                : `${Math.round(known * 100)} % of this time is known`,
            }),
        unscraped: [...new Set(own.flatMap(s => s.unscraped))].sort(),
      };
    })
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}
