import type { Knex } from 'knex';
import { formatRef, type SloState } from '@isthmus/plugin-gns-common';
import { isPostgres } from '../database/dialect';
import { inTransaction } from '../database/inTransaction';
import type { Severity } from './alertPolicy';
import { CALM, nextAlert, severityOf, type AlertState } from './alerts';
import type { Book } from './Book';
import { insertEvent } from './eventRows';
import { firedMessage, resolvedMessage } from './messages';
import { enqueue } from './Outbox';

const SEVERITIES: readonly Severity[] = ['page', 'ticket'];

/** What is known of an objective beyond its present numbers. */
export interface KeptState {
  readonly state: SloState;
  /** Unix seconds. */
  readonly since: number;
  readonly alerts: readonly { severity: Severity; since: number }[];
}

interface StateRow {
  ref: string;
  state: string;
  since: number | string;
}
interface AlertRow {
  ref: string;
  severity: Severity;
  since: number | string;
  burned_at: number | string;
  owner: string | null;
}

/**
 * Keeps states and alerts between evaluations. Every replica evaluates; here
 * one row is locked, and an evaluation that is no newer than the kept one
 * changes nothing: an alert is told once, and a slow replica undoes nothing.
 */
export class StateKeeper {
  readonly #knex: Knex;
  #known = new Map<string, KeptState>();

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** As of the last {@link keep}. */
  of(ref: string): KeptState | undefined {
    return this.#known.get(ref);
  }

  /**
   * @param now - up to where the books were evaluated, Unix seconds
   * @param basis - the number of the definitions that were judged
   * @param ownerOf - who is told; undefined: nobody
   */
  async keep(
    books: readonly Book[],
    options: {
      now: number;
      basis: number;
      ownerOf: (book: Book) => string | undefined;
    },
  ): Promise<void> {
    await inTransaction(this.#knex, async trx => {
      const head = await lockHead(trx);
      const { now, basis } = options;
      const older =
        now < head.evaluatedTo ||
        (now === head.evaluatedTo && basis <= head.basis);
      const states: StateRow[] = await trx('gns_slo_states');
      const alerts: AlertRow[] = await trx('gns_slo_alerts');
      if (!older) {
        await keepStates(trx, books, states, now);
        await keepAlerts(trx, books, alerts, options);
        await trx('gns_slo_head')
          .where({ id: 1 })
          .update({ evaluated_to: now, definitions_seq: basis });
      }
      this.#known = await readKept(trx);
    });
  }
}

async function lockHead(trx: Knex) {
  if (!isPostgres(trx)) {
    // SQLite has one writer: become it before reading.
    await trx('gns_slo_head').where({ id: 1 }).update({ id: 1 });
  }
  const row = await trx('gns_slo_head').where({ id: 1 }).forUpdate().first();
  return {
    evaluatedTo: Number(row.evaluated_to),
    basis: Number(row.definitions_seq),
  };
}

async function readKept(trx: Knex): Promise<Map<string, KeptState>> {
  const states: StateRow[] = await trx('gns_slo_states');
  const alerts: AlertRow[] = await trx('gns_slo_alerts').orderBy('severity');
  return new Map(
    states.map(({ ref, state, since }) => [
      ref,
      {
        state: state as SloState,
        since: Number(since),
        alerts: alerts
          .filter(alert => alert.ref === ref)
          .map(a => ({ severity: a.severity, since: Number(a.since) })),
      },
    ]),
  );
}

async function keepStates(
  trx: Knex,
  books: readonly Book[],
  rows: readonly StateRow[],
  now: number,
): Promise<void> {
  const before = new Map(rows.map(row => [row.ref, row.state]));
  for (const book of books) {
    const ref = formatRef(book.ref);
    const { state } = book.evaluation;
    if (before.get(ref) !== state) {
      await trx('gns_slo_states')
        .insert({ ref, state, since: now })
        .onConflict('ref')
        .merge();
    }
    before.delete(ref);
  }
  for (const ref of before.keys()) {
    await trx('gns_slo_states').where({ ref }).delete();
  }
}

async function keepAlerts(
  trx: Knex,
  books: readonly Book[],
  rows: readonly AlertRow[],
  options: { now: number; ownerOf: (book: Book) => string | undefined },
): Promise<void> {
  const { now, ownerOf } = options;
  const left = new Map(rows.map(row => [`${row.ref} ${row.severity}`, row]));
  for (const book of books) {
    const ref = formatRef(book.ref);
    let paged = false;
    for (const severity of SEVERITIES) {
      const row = left.get(`${ref} ${severity}`);
      left.delete(`${ref} ${severity}`);
      // Who was paged needs no ticket of the same fire.
      if (severity === 'ticket' && paged && !row) continue;
      const { state, event } = nextAlert(
        stateOf(row, now),
        burningOf(book, severity),
        {
          now,
          shortSeconds: calmOf(book, severity),
        },
      );
      paged ||= severity === 'page' && state.firing;
      if (event === 'fired') {
        const owner = ownerOf(book);
        const message = firedMessage(book, severity);
        await trx('gns_slo_alerts').insert({
          ref,
          severity,
          since: now,
          burned_at: now,
          owner: owner ?? null,
        });
        await insertEvent(trx, {
          at: now,
          gns: book.gns,
          ref,
          kind: 'alert',
          severity,
          title: message.title,
        });
        await enqueue(trx, owner, message, now * 1000);
      } else if (row && event === 'resolved') {
        await resolve(trx, row, book, now);
      } else if (row && state.burnedAt !== Number(row.burned_at)) {
        await trx('gns_slo_alerts')
          .where({ ref, severity })
          .update({ burned_at: state.burnedAt });
      }
    }
  }
  // Their objective is gone.
  for (const row of left.values()) await resolve(trx, row, undefined, now);
}

async function resolve(
  trx: Knex,
  row: AlertRow,
  book: Book | undefined,
  now: number,
): Promise<void> {
  const { ref, severity } = row;
  const message = resolvedMessage(ref, severity, book);
  await trx('gns_slo_alerts').where({ ref, severity }).delete();
  if (book) {
    await insertEvent(trx, {
      at: now,
      gns: book.gns,
      ref,
      kind: 'resolved',
      severity,
      title: message.title,
    });
  }
  await enqueue(trx, row.owner ?? undefined, message, now * 1000);
}

function stateOf(row: AlertRow | undefined, now: number): AlertState {
  return row
    ? {
        firing: true,
        since: Number(row.since),
        burnedAt: Number(row.burned_at),
      }
    : CALM(now);
}

/** An alert that is switched off is calm. */
function burningOf(book: Book, severity: Severity) {
  return book.spec.alerts[severity]
    ? severityOf(book.evaluation.rules.readings, severity)
    : 'quiet';
}

function calmOf(book: Book, severity: Severity): number {
  const rules = book.evaluation.rules.policy.rules.filter(
    rule => rule.severity === severity,
  );
  return Math.max(0, ...rules.map(rule => rule.shortSeconds));
}
