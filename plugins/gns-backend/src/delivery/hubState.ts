import type { Knex } from 'knex';
import {
  compareEpochs,
  formatEpoch,
  type Epoch,
} from '@isthmus/plugin-gns-common';
import { isPostgres } from '../database/dialect';
import { alignHold, readCurrentHolds } from './HoldStore';

/** The row of the hub itself. */
export interface HubState {
  readonly hubId: string;
  readonly term: number;
  readonly revision: number;
  readonly readOnly: boolean;
  readonly readOnlyReason: string | undefined;
  readonly highestTerm: number;
}

export async function readHub(trx: Knex): Promise<HubState> {
  return toState(await trx('gns_hub').where({ id: 1 }).first());
}

function toState(row: {
  hub_id: string;
  term: number | string;
  revision: number | string;
  read_only: number;
  read_only_reason: string | null;
  highest_term: number | string;
}): HubState {
  return {
    hubId: row.hub_id,
    term: Number(row.term),
    revision: Number(row.revision),
    readOnly: Boolean(row.read_only),
    readOnlyReason: row.read_only_reason ?? undefined,
    highestTerm: Number(row.highest_term),
  };
}

/** Reads and locks the hub's row until the transaction ends: one replica reconciles at a time. */
export async function lockHub(trx: Knex): Promise<HubState> {
  if (!isPostgres(trx)) {
    // SQLite has one writer: become it before reading.
    await trx('gns_hub').where({ id: 1 }).update({ id: 1 });
  }
  return toState(await trx('gns_hub').where({ id: 1 }).forUpdate().first());
}

/**
 * A controller showed a higher epoch than its own here: this hub was restored
 * from an older backup. Nothing changes until a person confirms.
 * @returns true when the hub was not read-only before
 */
export async function enterReadOnly(
  knex: Knex,
  seen: { clusterName: string; own: Epoch; highest: Epoch },
  now: number,
): Promise<boolean> {
  return knex.transaction(async trx => {
    const hub = await lockHub(trx);
    // Another term may have been opened meanwhile.
    if (compareEpochs(seen.highest, { ...seen.own, term: hub.term }) <= 0) {
      return false;
    }
    const reason = `The cluster ${
      seen.clusterName
    } has seen the desired state ${formatEpoch(
      seen.highest,
    )}, but this hub knows of ${formatEpoch(seen.own)} only.`;
    await trx('gns_hub')
      .where({ id: 1 })
      .update({
        read_only: 1,
        read_only_reason: hub.readOnlyReason ?? reason,
        highest_term: Math.max(hub.highestTerm, seen.highest.term),
      });
    if (hub.readOnly) return false;
    await alignHold(
      trx,
      await readCurrentHolds(trx),
      { kind: 'restoredHub' },
      {
        items: [`${seen.clusterName} ${formatEpoch(seen.highest)}`],
        message: `${reason} It was probably restored from an older backup. Restore the newest one, or release this: the hub then goes on with what it knows, in a new term.`,
      },
      now,
    );
    return true;
  });
}

/** Opens a term above every one that was seen; the hub works again. */
export async function openNewTerm(trx: Knex): Promise<number> {
  const hub = await lockHub(trx);
  const term = Math.max(hub.term, hub.highestTerm) + 1;
  await trx('gns_hub')
    .where({ id: 1 })
    .update({
      term,
      read_only: 0,
      read_only_reason: null,
      revision: hub.revision + 1,
    });
  return term;
}
