import {
  IssueRecord,
  MAX_ISSUE_RECORDS,
  LABEL_STATE,
} from '@isthmus/plugin-gns-common';
import { KubeObject } from '../../kube/KubeApi';
import { Logger, messageOf } from '../../logging';
import { SecretStore, contentOf } from '../../state/SecretStore';
import { Clock } from '../../timing/Clock';
import { pack, unpack } from '../kept/issuerRecord';
import {
  DELIVERED_SECRET,
  Delivered,
  Issuance,
  Segment,
  deliveredSchema,
  segmentSchema,
} from './segment';

/** Records that wait for the hub, at most; then the oldest go, and are counted. */
export const MAX_WAITING = 20_000;
/** Segments that are kept of one journal, at most. */
const MAX_SEGMENTS = 40;

/** What one pod was given last. */
export type Held = Pick<
  Issuance,
  'gns' | 'phase' | 'step' | 'bundleEpoch' | 'rootKeyId'
> & { issuedAt: number; notAfter: number };

interface KnownSegment {
  secret: KubeObject;
  journal: string;
  first: number;
  last: number;
  /** When the last of its certificates ends, milliseconds. */
  end: number;
}

interface Waiting {
  journal: string;
  number: number;
  record: IssueRecord;
}

export interface IssuedRecordsOptions {
  secrets: SecretStore;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
  onChange(): void;
}

/**
 * All replicas' journals, as the replica that reports sees them: what each pod
 * holds, and what the hub does not have yet.
 */
export class IssuedRecords {
  readonly #options: IssuedRecordsOptions;
  readonly #segments = new Map<string, KnownSegment>();
  readonly #held = new Map<string, Held>();
  /** Highest number seen, by journal. */
  readonly #seen = new Map<string, number>();
  #delivered = new Map<string, number>();
  #deliveredChanged = false;
  #waiting: Waiting[] = [];
  #dropped = 0;

  static create(options: IssuedRecordsOptions): IssuedRecords {
    return new IssuedRecords(options);
  }

  private constructor(options: IssuedRecordsOptions) {
    this.#options = options;
  }

  /** What the hub has already; before the first segment is looked at. */
  async load(signal?: AbortSignal): Promise<void> {
    const content = await this.#options.secrets.read(DELIVERED_SECRET, signal);
    if (!content) return;
    try {
      const { upTo } = unpack(deliveredSchema, content);
      this.#delivered = new Map(Object.entries(upTo));
    } catch (error) {
      // Then all of it goes to the hub again, which knows them by their numbers.
      this.#options.logger.warn(`issue records: ${messageOf(error)}`);
    }
  }

  /** What a pod was given last; undefined: nothing is known, or it has ended. */
  heldBy(podUid: string): Held | undefined {
    const held = this.#held.get(podUid);
    return held && held.notAfter > this.#options.clock.now() ? held : undefined;
  }

  /** How many the hub does not have yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** A Secret was seen. */
  upsert(secret: KubeObject): void {
    const { name, labels } = secret.metadata;
    const content = contentOf(secret);
    if (labels?.[LABEL_STATE] !== 'issued' || !content) return;
    let segment: Segment;
    try {
      segment = unpack(segmentSchema, content);
    } catch (error) {
      this.#options.logger.warn(
        `The Secret ${name} is no journal: ${messageOf(error).slice(0, 200)}`,
      );
      return;
    }
    const { journal, first, records } = segment;
    const ends = records.map(r => Date.parse(r.notAfter));
    this.#segments.set(name, {
      secret: { metadata: secret.metadata },
      journal,
      first,
      last: first + records.length - 1,
      end: Math.max(0, ...ends),
    });
    const seen = this.#seen.get(journal) ?? 0;
    const delivered = this.#delivered.get(journal) ?? 0;
    records.forEach((record, i) => {
      const number = first + i;
      if (number > seen) this.#hold(record);
      if (number > Math.max(seen, delivered)) {
        this.#waiting.push({ journal, number, record: asRecord(record) });
      }
    });
    this.#seen.set(journal, Math.max(seen, first + records.length - 1));
    if (this.#waiting.length > MAX_WAITING) {
      const over = this.#waiting.splice(0, this.#waiting.length - MAX_WAITING);
      this.#dropped += over.length;
      this.#deliver(over);
    }
    this.#options.onChange();
  }

  remove(name: string): void {
    this.#segments.delete(name);
  }

  /** What the next report carries; call `acknowledge` when the hub has it. */
  toReport(): {
    records: IssueRecord[];
    dropped: number;
    acknowledge(): void;
  } {
    const sent = this.#waiting.slice(0, MAX_ISSUE_RECORDS);
    const dropped = this.#dropped;
    return {
      records: sent.map(s => s.record),
      dropped,
      acknowledge: () => {
        this.#dropped -= dropped;
        const gone = new Set(sent);
        this.#waiting = this.#waiting.filter(w => !gone.has(w));
        this.#deliver(sent);
        if (this.#waiting.length > 0) this.#options.onChange();
      },
    };
  }

  /** Keeps how far the hub has the records, and removes segments that nobody needs. */
  async tidy(signal?: AbortSignal): Promise<void> {
    const { secrets, clock } = this.#options;
    for (const [name, segment] of this.#removable(clock.now())) {
      await secrets.remove(segment.secret, signal);
      this.#segments.delete(name);
    }
    for (const [uid, { notAfter }] of this.#held) {
      if (notAfter <= clock.now()) this.#held.delete(uid);
    }
    const journals = new Set([...this.#segments.values()].map(s => s.journal));
    for (const journal of this.#delivered.keys()) {
      if (journals.has(journal)) continue;
      this.#delivered.delete(journal);
      this.#seen.delete(journal);
      this.#deliveredChanged = true;
    }
    if (!this.#deliveredChanged) return;
    this.#deliveredChanged = false;
    const record: Delivered = {
      version: 1,
      upTo: Object.fromEntries(this.#delivered),
    };
    try {
      await secrets.write(DELIVERED_SECRET, 'delivered', pack(record), {
        signal,
      });
    } catch (error) {
      this.#deliveredChanged = true;
      throw error;
    }
  }

  #removable(now: number): Array<[string, KnownSegment]> {
    const isDelivered = (s: KnownSegment) =>
      s.last <= (this.#delivered.get(s.journal) ?? 0);
    const done = [...this.#segments].filter(
      ([, s]) => isDelivered(s) && s.end <= now,
    );
    // Of a long journal the oldest go before their time, once the hub has them.
    const byJournal = new Map<string, Array<[string, KnownSegment]>>();
    for (const entry of this.#segments) {
      const list = byJournal.get(entry[1].journal) ?? [];
      list.push(entry);
      byJournal.set(entry[1].journal, list);
    }
    const surplus = [...byJournal.values()].flatMap(list =>
      list
        .sort(([, a], [, b]) => a.first - b.first)
        .slice(0, Math.max(0, list.length - MAX_SEGMENTS))
        .filter(([, s]) => isDelivered(s)),
    );
    return [...new Map([...done, ...surplus])];
  }

  #hold(issuance: Issuance): void {
    const { gns, phase, step, bundleEpoch, rootKeyId } = issuance;
    const issuedAt = Date.parse(issuance.issuedAt);
    const before = this.#held.get(issuance.podUid);
    if (before && before.issuedAt > issuedAt) return;
    this.#held.set(issuance.podUid, {
      gns,
      phase,
      step,
      bundleEpoch,
      rootKeyId,
      issuedAt,
      notAfter: Date.parse(issuance.notAfter),
    });
  }

  #deliver(sent: readonly Waiting[]): void {
    for (const { journal, number } of sent) {
      if (number > (this.#delivered.get(journal) ?? 0)) {
        this.#delivered.set(journal, number);
        this.#deliveredChanged = true;
      }
    }
  }
}

/** What the hub is told: the rest is for the proof that is reported apart. */
function asRecord({ phase: _p, step: _s, ...record }: Issuance): IssueRecord {
  return record;
}
