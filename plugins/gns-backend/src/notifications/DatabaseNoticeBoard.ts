import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { Notice, NoticeBoard } from './Notice';

/** Attempts, the first at once, then after 1, 2, 4 … minutes: two hours in all. */
const ATTEMPTS = 8;
/** Who sends has this long before another replica tries, milliseconds. */
const CLAIM_MS = 60_000;

interface NoticeRow {
  scope: string;
  area: string;
  state: 'pending' | 'raised' | 'over';
  raise_at: number | string;
  notice: string;
  send_at: number | string | null;
  attempts: number;
}

/**
 * Notices in the plugin's database, so that each is told once though several
 * replicas look, and is told of though the hub was restarted in between. At
 * least once: a second notification of one scope replaces the first.
 */
export class DatabaseNoticeBoard implements NoticeBoard {
  readonly #knex: Knex;
  readonly #notifications: NotificationService | undefined;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  #saidAbsent = false;

  private constructor(options: {
    knex: Knex;
    notifications: NotificationService | undefined;
    logger: LoggerService;
    now: () => number;
  }) {
    this.#knex = options.knex;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  static create(options: {
    knex: Knex;
    /** Absent: notices are kept, and nobody is told. */
    notifications: NotificationService | undefined;
    logger: LoggerService;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    return new DatabaseNoticeBoard(options);
  }

  async align(area: string, notices: readonly Notice[]): Promise<void> {
    const now = this.#now();
    const rows: NoticeRow[] = await this.#knex<NoticeRow>('gns_notices').where({
      area,
    });
    const known = new Map(rows.map(r => [r.scope, r]));
    for (const notice of notices) {
      const row = known.get(notice.scope);
      known.delete(notice.scope);
      await this.#hold(area, notice, row, now);
    }
    for (const row of known.values()) await this.#end(row, now);
    await this.send();
  }

  async #hold(
    area: string,
    notice: Notice,
    row: NoticeRow | undefined,
    now: number,
  ): Promise<void> {
    const text = JSON.stringify(notice);
    if (!row) {
      const inserted: NoticeRow = {
        scope: notice.scope,
        area,
        state: notice.afterMs > 0 ? 'pending' : 'raised',
        raise_at: now + notice.afterMs,
        notice: text,
        send_at: notice.afterMs > 0 ? null : now,
        attempts: 0,
      };
      await this.#knex('gns_notices')
        .insert(inserted)
        .onConflict('scope')
        .ignore();
      return;
    }
    const due = row.state === 'pending' && Number(row.raise_at) <= now;
    // It came back before its end was told.
    const back = row.state === 'over';
    if (!due && !back) {
      if (row.state === 'pending' && row.notice !== text) {
        await this.#where(row).update({ notice: text });
      }
      return;
    }
    await this.#where(row).update({
      state: 'raised',
      notice: text,
      send_at: now,
      attempts: 0,
    });
  }

  async #end(row: NoticeRow, now: number): Promise<void> {
    if (row.state === 'over') return;
    // Nobody was told that it began.
    if (row.state === 'pending') await this.#where(row).delete();
    else {
      await this.#where(row).update({
        state: 'over',
        send_at: now,
        attempts: 0,
      });
    }
  }

  /** The row as it was read: what another replica did meanwhile stands. */
  #where({ scope, state, send_at }: NoticeRow) {
    return this.#knex('gns_notices').where({ scope, state, send_at });
  }

  /** Sends what is due. */
  async send(): Promise<void> {
    const due: NoticeRow[] = await this.#knex<NoticeRow>('gns_notices')
      .where('send_at', '<=', this.#now())
      .orderBy('send_at')
      .limit(100);
    for (const row of due) await this.#sendOne(row);
  }

  async #sendOne(row: NoticeRow): Promise<void> {
    const claimedUntil = this.#now() + CLAIM_MS * 2 ** row.attempts;
    const claimed = await this.#where(row).update({
      send_at: claimedUntil,
      attempts: row.attempts + 1,
    });
    if (claimed !== 1) return;
    const notice: Notice = JSON.parse(row.notice);
    try {
      await this.#tell(notice, row.state === 'over');
    } catch (error) {
      if (!this.#givesUp(error, row)) return;
    }
    const mine = this.#where({ ...row, send_at: claimedUntil });
    if (row.state === 'over') await mine.delete();
    else await mine.update({ send_at: null, attempts: 0 });
  }

  async #tell(notice: Notice, over: boolean): Promise<void> {
    const { scope, owners, severity, title, description, link, topic } = notice;
    if (owners.length === 0) return;
    await this.#notifications?.send({
      recipients: { type: 'entity', entityRef: [...owners] },
      payload: {
        scope: `gns:${scope}`,
        topic,
        link,
        severity: over ? 'low' : severity,
        title: over ? `Over: ${title}` : title,
        description,
      },
    });
  }

  /** Whether trying again makes no sense; says so once. */
  #givesUp(error: unknown, { attempts, scope }: NoticeRow): boolean {
    const reason = error instanceof Error ? error.message : String(error);
    if (/status 404\b/.test(reason)) {
      if (!this.#saidAbsent) {
        this.#logger.info(
          'Owners are not notified: the notifications plugin is not installed',
        );
      }
      this.#saidAbsent = true;
      return true;
    }
    if (attempts + 1 < ATTEMPTS) return false;
    this.#logger.warn(`The notification ${scope} was not sent: ${reason}`);
    return true;
  }
}
