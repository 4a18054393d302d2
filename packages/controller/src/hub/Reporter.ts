import {
  Condition,
  Epoch,
  IdentityReport,
  INVENTORY_KINDS,
  Inventory,
  InventoryKind,
  IssueRecord,
  Reachability,
  Report,
} from '@isthmus/plugin-gns-common';
import { createHash } from 'node:crypto';
import { Backoff, jittered } from '../timing/Backoff';
import { Clock, isoTime } from '../timing/Clock';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import { ObjectStatuses } from '../reconciler/ObjectStatuses';
import { CONTROLLER_VERSION } from '../version';
import { HighestEpoch, Hub, HubError } from './Hub';
import { HubContact } from './HubContact';

/** What a report is made of, asked when it is sent. */
export interface ReportSources {
  appliedEpoch(): Epoch;
  highestEpoch(): HighestEpoch;
  part<K extends InventoryKind>(kind: K): NonNullable<Inventory[K]>;
  /** Whether there is anything to tell of this kind yet. */
  isReady(kind: InventoryKind): boolean;
  /** Changes whenever `part` may have changed. */
  version(kind: InventoryKind): string;
  statuses: ObjectStatuses;
  conditions(): Condition[];
  /** Undefined: not known now. */
  owned(): Array<{ key: string; gns: string }> | undefined;
  reachability(): Reachability[];
  pausedLocally(): string[];
  /** Undefined: this cluster issues nothing. */
  identity(): IdentityReport | undefined;
  issueRecords(): {
    records: IssueRecord[];
    dropped: number;
    acknowledge(): void;
  };
  nextSequence(): Promise<number>;
  /** The hub has seen a higher number than ours. */
  skipSequences(): Promise<void>;
}

export interface ReporterOptions {
  hub: Pick<Hub, 'report'>;
  clock: Clock;
  intervals: Pick<Intervals, 'heartbeat' | 'reportDebounce' | 'hubBackoff'>;
  logger: Logger;
  contact: HubContact;
  startedAt: number;
  sources: ReportSources;
}

/** What the hub acknowledged of one kind. */
interface Sent {
  /** `version` when it was looked at. */
  version: string;
  fingerprint: string;
  /** Newest evidence that it carried. */
  evidence: string;
}

/** Sends what changed, gathered for a moment, and a heartbeat when nothing did. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #sent = new Map<InventoryKind, Sent>();
  readonly #wanted = new Set<InventoryKind>();
  /** Fingerprint of the identities that the hub acknowledged. */
  #identitySent: string | undefined;
  #dirty = true;
  #wake: AbortController | undefined;
  #lastSent = 0;

  static create(options: ReporterOptions): Reporter {
    return new Reporter(options);
  }

  private constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Something changed: a report goes out soon. */
  changed(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#wake?.abort();
  }

  /** Reports until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervals, logger, contact } = this.#options;
    const backoff = new Backoff(intervals.hubBackoff, clock);
    while (!signal.aborted) {
      await this.#untilDue(signal);
      if (signal.aborted) return;
      this.#dirty = false;
      this.#lastSent = clock.now();
      try {
        await this.#send(signal);
        contact.answered();
        backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        this.#dirty = true;
        if (error instanceof HubError && error.status === 409) {
          await this.#options.sources.skipSequences();
        }
        contact.failed(error);
        const wait = Math.max(
          backoff.next(),
          error instanceof HubError ? error.retryAfter ?? 0 : 0,
        );
        logger.debug(`report: ${messageOf(error)}`, { retryIn: wait });
        await clock.sleep(wait, signal);
      }
    }
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    const { clock, intervals } = this.#options;
    if (!this.#dirty) {
      this.#wake = new AbortController();
      const either = AbortSignal.any([signal, this.#wake.signal]);
      const due = this.#lastSent + jittered(intervals.heartbeat, 0.25, clock);
      await clock.sleep(Math.max(1, due - clock.now()), either);
      this.#wake = undefined;
    }
    // The first change after a pause goes at once; those that follow are gathered.
    const gap = this.#lastSent + intervals.reportDebounce - clock.now();
    if (this.#dirty && gap > 0) await clock.sleep(gap, signal);
    else await clock.sleep(Math.min(20, intervals.reportDebounce), signal);
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { hub, sources, startedAt } = this.#options;
    // First, because it may take a while: all that follows is of one moment.
    const sequence = await sources.nextSequence();
    const statuses = sources.statuses.toReport();
    const { inventory, acknowledge } = this.#inventory();
    const identities = this.#identities();
    const report: Report = {
      sequence,
      startedAt: isoTime(startedAt),
      controllerVersion: CONTROLLER_VERSION,
      appliedEpoch: sources.appliedEpoch(),
      inventory,
      objects: statuses.objects.slice(0, 100_000),
      conditions: sources.conditions().slice(0, 10_000),
      owned: sources.owned()?.slice(0, 100_000),
      reachability: sources.reachability().slice(0, 1000),
      pausedLocally: sources.pausedLocally(),
      ...identities.part,
    };
    const answer = await hub.report(report, sources.highestEpoch(), signal);
    statuses.acknowledge();
    acknowledge();
    identities.acknowledge();
    if (answer.identityWanted && identities.part.identity === undefined) {
      this.#identitySent = undefined;
      this.changed();
    }
    for (const kind of answer.wanted) this.#wanted.add(kind);
    if (answer.wanted.length > 0) this.changed();
    // A hub that lacks every kind lost what it knew of us.
    if (answer.wanted.length === INVENTORY_KINDS.length) {
      sources.statuses.resend();
    }
  }

  /** What pods hold and were given: nothing of it while nothing is issued here. */
  #identities(): {
    part: Pick<Report, 'identity' | 'issueRecords' | 'issueRecordsDropped'>;
    acknowledge(): void;
  } {
    const identity = this.#options.sources.identity();
    if (!identity) return { part: {}, acknowledge: () => {} };
    const { observedAt: _, ...content } = identity;
    const fingerprint = createHash('sha256')
      .update(JSON.stringify(content))
      .digest('base64');
    const issued = this.#options.sources.issueRecords();
    return {
      part: {
        ...(fingerprint === this.#identitySent ? {} : { identity }),
        ...(issued.records.length > 0 ? { issueRecords: issued.records } : {}),
        ...(issued.dropped > 0 ? { issueRecordsDropped: issued.dropped } : {}),
      },
      acknowledge: () => {
        this.#identitySent = fingerprint;
        issued.acknowledge();
      },
    };
  }

  /** The kinds that changed since the hub's last acknowledgement. */
  #inventory(): { inventory: Inventory; acknowledge(): void } {
    const { sources } = this.#options;
    const inventory: Record<string, unknown> = {};
    const looked: Array<[InventoryKind, Sent]> = [];
    for (const kind of INVENTORY_KINDS) {
      if (!sources.isReady(kind)) continue;
      const version = sources.version(kind);
      const before = this.#sent.get(kind);
      const wanted = this.#wanted.has(kind);
      if (before?.version === version && !wanted) continue;
      const part = sources.part(kind);
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([part.mark, part.reason, part.items]))
        .digest('base64');
      const evidence = part.deletions.at(-1)?.at ?? '';
      const news =
        before?.fingerprint !== fingerprint || evidence > before.evidence;
      looked.push([kind, { version, fingerprint, evidence }]);
      if (news || wanted) inventory[kind] = part;
    }
    return {
      inventory: inventory as Inventory,
      acknowledge: () => {
        for (const [kind, sent] of looked) {
          this.#sent.set(kind, sent);
          this.#wanted.delete(kind);
        }
      },
    };
  }
}
