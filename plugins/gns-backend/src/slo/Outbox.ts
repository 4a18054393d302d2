import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { AlertMessage } from './messages';

/** Attempts, the first at once, then after 1, 2, 4 … minutes: two hours in all. */
const ATTEMPTS = 8;
const CLAIM_MS = 60_000;

interface OutboxRow {
  scope: string;
  payload: string;
  attempts: number;
  next_at: number | string;
}

/** Notes a notification in the transaction that makes it true. What it replaces was not sent yet, and need not be. */
export async function enqueue(
  trx: Knex,
  owner: string | undefined,
  message: AlertMessage,
  nowMs: number,
): Promise<void> {
  const { scope } = message;
  await trx('gns_slo_outbox').where({ scope }).delete();
  if (owner === undefined) return;
  await trx('gns_slo_outbox').insert({
    scope,
    payload: JSON.stringify({ owner, message }),
    next_at: nowMs,
    created_at: nowMs,
  });
}

/**
 * Sends what waits, at least once: the scope of a notification makes a second
 * one an update of the first. Without the notifications plugin nothing is
 * kept; alerts stand on the pages all the same.
 */
export class Outbox {
  readonly #knex: Knex;
  readonly #notifications: NotificationService | undefined;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  #absent = false;

  constructor(options: {
    knex: Knex;
    notifications: NotificationService | undefined;
    logger: LoggerService;
    /** Unix milliseconds. */
    now: () => number;
  }) {
    this.#knex = options.knex;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  async send(): Promise<void> {
    const due: OutboxRow[] = await this.#knex('gns_slo_outbox')
      .where('next_at', '<=', this.#now())
      .orderBy('created_at')
      .limit(100);
    for (const row of due) await this.#sendOne(row);
  }

  async #sendOne(row: OutboxRow): Promise<void> {
    const { scope, payload } = row;
    const claimed = await this.#knex('gns_slo_outbox')
      .where({ scope, payload, next_at: row.next_at })
      .update({
        next_at: this.#now() + CLAIM_MS * 2 ** row.attempts,
        attempts: row.attempts + 1,
      });
    // Another replica has it, or something newer took its place.
    if (claimed === 0) return;
    const { owner, message } = JSON.parse(payload) as {
      owner: string;
      message: AlertMessage;
    };
    try {
      await this.#notifications?.send({
        recipients: { type: 'entity', entityRef: owner },
        payload: message,
      });
    } catch (error) {
      if (!this.#giveUp(error, row)) return;
    }
    await this.#knex('gns_slo_outbox').where({ scope, payload }).delete();
  }

  /** Whether trying again makes no sense; says so once. */
  #giveUp(error: unknown, { attempts, scope }: OutboxRow): boolean {
    const reason = error instanceof Error ? error.message : String(error);
    if (/status 404\b/.test(reason)) {
      if (!this.#absent) {
        this.#logger.info(
          'Alerts of objectives are not sent: the notifications plugin is not installed',
        );
      }
      this.#absent = true;
      return true;
    }
    if (attempts + 1 < ATTEMPTS) return false;
    this.#logger.warn(`The notification ${scope} was not sent: ${reason}`);
    return true;
  }
}
