import type { Knex } from 'knex';
import { toSeconds } from '../time';
import type { IncrementChanges } from './types';

/** Writes of other replicas may appear later than their time says; clocks of replicas differ a little. */
const OVERLAP_MS = 20_000;

type Change = IncrementChanges['changes'][number];

interface ChangeRow {
  gns: string;
  from: number | string;
  to: number | string;
}

/** Everything since each global namespace was first watched. */
async function allChanges(knex: Knex, now: number): Promise<Change[]> {
  const rows: { gns: string; from: number | string }[] = await knex(
    'gns_telemetry_members',
  )
    .groupBy('gns')
    .select('gns')
    .min({ from: 'since' });
  return rows.map(r => ({
    gns: r.gns,
    from: Number(r.from),
    to: toSeconds(now),
  }));
}

/**
 * Stretches in which slices came since the time of the cursor. Those of the
 * last 20 seconds before it are told again.
 * @throws RangeError when the cursor is none
 */
export async function changesSince(
  knex: Knex,
  cursor: string | undefined,
  now: number,
): Promise<IncrementChanges> {
  if (cursor === undefined) {
    return { changes: await allChanges(knex, now), cursor: String(now) };
  }
  const since = Number(cursor) - OVERLAP_MS;
  if (!Number.isFinite(since)) {
    throw new RangeError(`${JSON.stringify(cursor)} is no cursor of changes`);
  }
  const rows: ChangeRow[] = await knex('gns_traffic')
    .where('received_at', '>', Math.max(0, since))
    .groupBy('gns', 'start', 'seconds')
    .select('gns')
    .min({ from: 'start' })
    .max({ to: knex.raw('?? + ??', ['start', 'seconds']) });
  const changes = joinStretches(
    rows.map(r => ({ gns: r.gns, from: Number(r.from), to: Number(r.to) })),
  );
  return { changes, cursor: String(now) };
}

/** Stretches that touch become one, in order. Pure. */
export function joinStretches(changes: readonly Change[]): Change[] {
  const sorted = [...changes].sort((a, b) => {
    if (a.gns !== b.gns) return a.gns < b.gns ? -1 : 1;
    return a.from - b.from;
  });
  const found: { gns: string; from: number; to: number }[] = [];
  for (const change of sorted) {
    const last = found.at(-1);
    if (last?.gns === change.gns && change.from <= last.to) {
      last.to = Math.max(last.to, change.to);
    } else found.push({ ...change });
  }
  return found;
}
