import type { Knex } from 'knex';
import { chunksOf, ROWS_PER_STATEMENT, type SliceRow } from '../store/rows';
import { MINUTE } from '../time';
import type { PreparedSlice } from './prepareSlice';

type Stored = Pick<
  SliceRow,
  'step' | 'start' | 'seconds' | 'revision' | 'known'
>;

/** Which of the new slices are to be written, and what they replace. */
async function newerThanStored(
  trx: Knex,
  clusterId: string,
  slices: readonly PreparedSlice[],
): Promise<{ accepted: PreparedSlice[]; replaced: Stored[]; taken: number }> {
  const from = Math.min(...slices.map(s => s.start));
  const to = Math.max(...slices.map(s => s.start + s.seconds));
  const stored: Stored[] = (
    await trx('gns_telemetry_slices')
      .where({ cluster_id: clusterId })
      .andWhere('start', '>', from - 900)
      .andWhere('start', '<', to)
      .select('step', 'start', 'seconds', 'revision', 'known')
  ).map((row: Stored) => ({ ...row, start: Number(row.start) }));
  const accepted: PreparedSlice[] = [];
  const replaced: Stored[] = [];
  let taken = 0;
  for (const slice of slices) {
    const overlapping = [...stored, ...accepted].filter(
      s =>
        s.step === slice.step &&
        Number(s.start) < slice.start + slice.seconds &&
        Number(s.start) + s.seconds > slice.start,
    );
    const same = overlapping.find(
      s => Number(s.start) === slice.start && s.seconds === slice.seconds,
    );
    const others = overlapping.filter(s => s !== same);
    taken += 1;
    // Known once; of another length it would count twice.
    if (others.some(s => s.known > 0)) continue;
    if (same && same.revision >= slice.revision) continue;
    // Rolled up here from minutes that say more.
    if (same?.revision === 0 && same.known >= slice.known) continue;
    for (const s of overlapping) {
      const again = accepted.indexOf(s as PreparedSlice);
      if (again >= 0) accepted.splice(again, 1);
      else replaced.push(s);
    }
    accepted.push(slice);
  }
  return { accepted, replaced, taken };
}

/** Writes slices that are new or of a higher revision; those replace what overlaps them. */
export async function writeSlices(
  trx: Knex,
  clusterId: string,
  slices: readonly PreparedSlice[],
  now: number,
): Promise<{ taken: number; changed: ReadonlySet<string> }> {
  if (slices.length === 0) return { taken: 0, changed: new Set() };
  const { accepted, replaced, taken } = await newerThanStored(
    trx,
    clusterId,
    slices,
  );
  for (const { step, start } of replaced) {
    for (const table of ['gns_telemetry_slices', 'gns_traffic']) {
      await trx(table).where({ cluster_id: clusterId, step, start }).delete();
    }
  }
  const heads = accepted.map(s => ({
    cluster_id: clusterId,
    step: s.step,
    start: s.start,
    seconds: s.seconds,
    revision: s.revision,
    state: s.state,
    known: s.known,
    reason: s.reason,
    message: s.message,
    final: s.final ? 1 : 0,
  }));
  for (const chunk of chunksOf(heads, ROWS_PER_STATEMENT)) {
    await trx('gns_telemetry_slices').insert(chunk);
  }
  const rows = accepted.flatMap(s =>
    s.rows.map(row => ({
      gns: row.gns,
      cluster_id: clusterId,
      step: s.step,
      start: s.start,
      seconds: s.seconds,
      revision: s.revision,
      known: row.known,
      unscraped: JSON.stringify(row.unscraped),
      edges: row.edges ?? null,
      edges_bytes: row.edges?.length ?? 0,
      increments: row.increments ?? null,
      increments_bytes: row.increments?.length ?? 0,
      compacted: 0,
      rolled: 0,
      received_at: now,
    })),
  );
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await trx('gns_traffic')
      .insert(chunk)
      .onConflict(['gns', 'cluster_id', 'step', 'start'])
      .merge();
  }
  return {
    taken,
    changed: new Set(
      accepted
        .filter(s => s.step === MINUTE || s.known > 0)
        .flatMap(s => s.rows.map(r => r.gns)),
    ),
  };
}
