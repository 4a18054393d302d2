import { randomBytes } from 'node:crypto';
import { Logger, messageOf } from '../../logging';
import { SecretStore } from '../../state/SecretStore';
import { Clock } from '../../timing/Clock';
import { Throttled } from '../../timing/Throttled';
import { pack } from '../kept/issuerRecord';
import { Issuance, SEGMENT_RECORDS, Segment, segmentName } from './segment';

/** A segment is closed after this, milliseconds, so that it can go once the hub has it. */
const SEGMENT_AGE = 600_000;
/** Segments that wait to be written while the API server is away. */
const MAX_UNWRITTEN = 20;

export interface IssueJournalOptions {
  secrets: SecretStore;
  clock: Clock;
  /** Shortest time between two writes, milliseconds. */
  interval: number;
  logger: Logger;
}

/**
 * What this replica issued, kept in Secrets so that the replica that reports
 * finds it, also after a restart. Written at most every `interval`; what is issued
 * in between is lost with the process: a pod whose record is missing counts as
 * unknown until it asks again.
 */
export class IssueJournal {
  /** Tells this process from every other. */
  readonly id = randomBytes(6).toString('hex');
  readonly #options: IssueJournalOptions;
  readonly #writes: Throttled;
  /** Not written yet, or not in their last state; the last one is open. */
  #segments: Segment[] = [];
  #opened = 0;
  #next = 1;
  #dropped = 0;

  static create(options: IssueJournalOptions): IssueJournal {
    return new IssueJournal(options);
  }

  private constructor(options: IssueJournalOptions) {
    this.#options = options;
    this.#writes = new Throttled({
      interval: options.interval,
      clock: options.clock,
      work: () => this.#write(),
      onError: error =>
        options.logger.warn(`issue records: ${messageOf(error)}`),
    });
  }

  /** Records that were lost because the API server could not be reached. */
  get dropped(): number {
    return this.#dropped;
  }

  add(issuance: Issuance): void {
    const now = this.#options.clock.now();
    let open = this.#segments.at(-1);
    if (
      !open ||
      open.records.length >= SEGMENT_RECORDS ||
      now - this.#opened > SEGMENT_AGE
    ) {
      open = { version: 1, journal: this.id, first: this.#next, records: [] };
      this.#opened = now;
      this.#segments.push(open);
      if (this.#segments.length > MAX_UNWRITTEN) {
        this.#dropped += this.#segments.shift()!.records.length;
      }
    }
    open.records.push(issuance);
    this.#next += 1;
    this.#writes.request();
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#writes.run(signal);
    await this.#writes.flush();
  }

  async #write(): Promise<void> {
    for (const segment of [...this.#segments]) {
      const { length } = segment.records;
      await this.#options.secrets.write(
        segmentName(segment.journal, segment.first),
        'issued',
        pack(segment),
      );
      // The open one stays: it is written again when it grew.
      if (
        segment !== this.#segments.at(-1) &&
        segment.records.length === length
      ) {
        this.#segments = this.#segments.filter(other => other !== segment);
      }
    }
  }
}
