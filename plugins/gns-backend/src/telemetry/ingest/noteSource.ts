import type { Knex } from 'knex';
import { toSeconds } from '../time';
import type { PreparedSlice } from './prepareSlice';

const RECENT_SECONDS = 40 * 60;

/**
 * Notes where observations came from, and locks the row: requests of one
 * cluster follow each other, whichever replica takes them.
 */
export async function noteSource(
  trx: Knex,
  clusterId: string,
  observed: {
    istioClusterId: string | undefined;
    skewMs: number;
    now: number;
    newest: PreparedSlice | undefined;
    /** Infinity: no slice came. */
    oldestStart: number;
    refused: readonly { message: string }[];
  },
): Promise<void> {
  await trx('gns_telemetry_sources')
    .insert({ cluster_id: clusterId })
    .onConflict('cluster_id')
    .ignore();
  const before: { first_start: number | string | null } = await trx(
    'gns_telemetry_sources',
  )
    .where({ cluster_id: clusterId })
    .forUpdate()
    .first('first_start');
  const { newest, refused, oldestStart } = observed;
  const first = Math.min(
    before.first_start === null ? Infinity : Number(before.first_start),
    oldestStart,
  );
  await trx('gns_telemetry_sources')
    .where({ cluster_id: clusterId })
    .update({
      last_received_at: observed.now,
      clock_skew_ms: Math.round(observed.skewMs),
      ...(Number.isFinite(first) ? { first_start: first } : {}),
      ...(observed.istioClusterId
        ? { istio_cluster_id: observed.istioClusterId }
        : {}),
      // A back-filled slice does not tell how long present ones are.
      ...(newest && newest.start > toSeconds(observed.now) - RECENT_SECONDS
        ? { slice_seconds: newest.seconds }
        : {}),
      ...(newest?.edges === undefined ? {} : { edges: newest.edges }),
      ...(refused.length > 0
        ? {
            refused: trx.raw('refused + ?', [refused.length]),
            last_refusal: refused[refused.length - 1].message.slice(0, 1000),
          }
        : {}),
    });
}
