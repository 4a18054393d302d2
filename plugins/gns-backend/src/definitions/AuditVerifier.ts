import type { Knex } from 'knex';
import { CHAIN_START, followChain, type ChainPosition } from './auditChain';
import type { AuditHeadRow, AuditRow } from './tables';

const BATCH = 1000;

/** How long entries that were followed once are trusted. */
export const REVERIFY_MS = 60_000;

/**
 * Recomputes the hash chain. The whole costs a second per hundred thousand
 * entries and anybody with a history to read can ask for it: so it is done
 * once a minute, and only what is new is followed in between.
 */
export class AuditVerifier {
  readonly #knex: Knex;
  readonly #now: () => Date;
  #trusted: { since: number; position: ChainPosition } | undefined;

  private constructor(knex: Knex, now: () => Date) {
    this.#knex = knex;
    this.#now = now;
  }

  static create(options: { knex: Knex; now: () => Date }) {
    return new AuditVerifier(options.knex, options.now);
  }

  /** False: an entry was changed, removed or put in. */
  async isIntact(): Promise<boolean> {
    const now = this.#now().getTime();
    const trusted =
      this.#trusted && now - this.#trusted.since < REVERIFY_MS
        ? this.#trusted
        : { since: now, position: CHAIN_START };
    const position = await followToHead(this.#knex, trusted.position);
    this.#trusted = position && { since: trusted.since, position };
    return position !== undefined;
  }
}

/** Follows the chain to the head that stood when the reading began. */
async function followToHead(
  knex: Knex,
  from: ChainPosition,
): Promise<ChainPosition | undefined> {
  const head = await knex<AuditHeadRow>('gns_audit_head')
    .where({ id: 1 })
    .first();
  if (!head) return undefined;
  const end = Number(head.seq);
  let at: ChainPosition | undefined = from;
  while (at && at.seq < end) {
    const batch: AuditRow[] = await knex<AuditRow>('gns_audit')
      .where('seq', '>', at.seq)
      .where('seq', '<=', end)
      .orderBy('seq')
      .limit(BATCH);
    if (batch.length === 0) return undefined;
    at = followChain(
      at,
      batch.map(row => ({
        ...row,
        seq: Number(row.seq),
        prevHash: row.prev_hash,
      })),
    );
  }
  // A head below what was followed before was set back.
  return at?.seq === end && at.hash === head.hash ? at : undefined;
}
