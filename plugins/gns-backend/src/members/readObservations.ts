import type { Knex } from 'knex';
import type {
  Condition,
  Epoch,
  ObjectStatus,
  Reachability,
} from '@isthmus/plugin-gns-common';

/** All that a cluster last reported about itself, for pages. */
export interface FullObservation {
  readonly lastReportAt: string | undefined;
  readonly controllerVersion: string | undefined;
  readonly appliedEpoch: Epoch;
  readonly conditions: readonly Condition[];
  /** Objects that are not applied. */
  readonly objectStates: readonly ObjectStatus[];
  readonly reachability: readonly Reachability[];
  readonly pausedLocally: readonly string[];
}

interface ObservationRow {
  cluster_id: string;
  last_report_at: string | null;
  controller_version: string | null;
  applied_term: number | string;
  applied_n: number | string;
  conditions: string;
  object_states: string;
  reachability: string;
  paused_locally: string;
}

/** Observations by cluster id. */
export async function readObservations(
  knex: Knex,
): Promise<Map<string, FullObservation>> {
  const rows: ObservationRow[] = await knex('gns_observations').select(
    'cluster_id',
    'last_report_at',
    'controller_version',
    'applied_term',
    'applied_n',
    'conditions',
    'object_states',
    'reachability',
    'paused_locally',
  );
  return new Map(
    rows.map(row => [
      row.cluster_id,
      {
        lastReportAt: row.last_report_at ?? undefined,
        controllerVersion: row.controller_version ?? undefined,
        appliedEpoch: {
          term: Number(row.applied_term),
          n: Number(row.applied_n),
        },
        conditions: JSON.parse(row.conditions),
        objectStates: JSON.parse(row.object_states),
        reachability: JSON.parse(row.reachability),
        pausedLocally: JSON.parse(row.paused_locally),
      },
    ]),
  );
}
