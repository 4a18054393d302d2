import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { ErrorReading } from '@isthmus/plugin-gns-common';
import type { CompositionOptions } from '../composition/types';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import { inTransaction } from '../database/inTransaction';
import { EffectiveInventories } from '../inventory/InventoryStore';
import type { AddressRange } from './addresses';
import type { Compose } from './composeIsolated';
import { AuthorityViews } from '../authority/AuthorityViews';
import { IdentityReports } from '../authority/store/reportRows';
import type { OutsideCallers } from '../authority/transition/types';
import type { FreshnessLimits } from '../members/freshness';
import { StoredCompositions } from './compositionRows';
import { readDeliveries } from './deliveryRows';
import { VersionedDefinitions } from './reconcileInput';
import { lockHub } from './hubState';
import { reconcileOnce, type ReconcileOutcome } from './reconcileOnce';
import type { ClusterDelivery } from './types';

/** Everything is looked at again at least this often, milliseconds. */
const PERIOD_MS = 30_000;

/** After a failure sooner, milliseconds. */
const AFTER_FAILURE_MS = 2_000;

/** Reports are gathered after a run for twice as long as it took, within these bounds; milliseconds. */
const GATHER_MS = { least: 25, most: 1_000 };

export interface ReconciliationOptions {
  knex: Knex;
  definitions: Pick<DefinitionStore, 'list' | 'revisions'>;
  compose: Compose;
  addressRange: AddressRange;
  compositionOptions: CompositionOptions;
  logger: LoggerService;
  now: () => number;
  /** Sends a wake-up in the transaction, so that other replicas get it when it commits. */
  announce?: (trx: Knex, clusterIds: readonly string[]) => Promise<void>;
  /** Errors of the services of the rollouts under way; asked before each run. */
  readRolloutErrors?: () => Promise<ReadonlyMap<string, ErrorReading>>;
  /** Who calls members of joining global namespaces from outside; asked before each run. */
  readOutsideCallers?: () => Promise<ReadonlyMap<string, OutsideCallers>>;
  /** When a report stops proving anything; the default where it is left out. */
  freshness?: FreshnessLimits;
  /** Told after each commit that changed something. */
  onChange: (outcome: ReconcileOutcome) => void;
  /** Told how long each run took, seconds. */
  onDuration?: (seconds: number) => void;
}

/** What earlier runs learnt; valid as long as the database says the same. */
export interface ReconcileMemory {
  readonly inventories: EffectiveInventories;
  readonly compositions: StoredCompositions;
  readonly versioned: VersionedDefinitions;
  readonly authorities: AuthorityViews;
  readonly identityReports: IdentityReports;
  /** Deletions of whole definitions that the history proves: global namespace → hash of the audit entry. */
  readonly deletedDefinitions: Map<string, string>;
}

/**
 * Turns definitions and inventories into what is delivered. Level-triggered:
 * each run reads everything, computes, and writes the difference; triggers only
 * say that it is worth looking. Runs follow each other within this process, and
 * under the lock of the hub's row among replicas.
 */
export class Reconciliation {
  readonly #options: ReconciliationOptions;
  readonly #memory: ReconcileMemory = {
    inventories: new EffectiveInventories(),
    compositions: new StoredCompositions(),
    versioned: new VersionedDefinitions(),
    authorities: new AuthorityViews(),
    identityReports: new IdentityReports(),
    deletedDefinitions: new Map(),
  };
  #deliveries:
    | { revision: number; byCluster: Map<string, ClusterDelivery> }
    | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #period: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #gathered = false;
  #gatherUntil = 0;

  static create(options: ReconciliationOptions) {
    return new Reconciliation(options);
  }

  private constructor(options: ReconciliationOptions) {
    this.#options = options;
  }

  /** Begins to look every 30 s, and now. */
  start(): void {
    this.#period = setInterval(() => this.trigger(), PERIOD_MS);
    this.#period.unref();
    this.trigger();
  }

  /** Something changed. Triggers that come while a run is under way share the next one. */
  trigger(): void {
    if (this.#stopped) return;
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#gathered = false;
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#gathered) this.triggerSoon();
    });
  }

  /**
   * Something changed that changes in many clusters at once, as reports do
   * after an edit: one run for each of them would keep the next edit waiting.
   */
  triggerSoon(): void {
    if (this.#stopped || this.#gathering) return;
    if (this.#running) {
      this.#gathered = true;
      return;
    }
    const wait = this.#gatherUntil - performance.now();
    if (wait <= 0) this.trigger();
    else this.#gathering = setTimeout(() => this.trigger(), wait);
  }

  /** Resolves when everything that was triggered before is reconciled. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#period);
    clearTimeout(this.#retry);
    clearTimeout(this.#gathering);
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const started = performance.now();
      try {
        await this.#run();
      } catch (error) {
        this.#options.logger.error(
          'The reconciliation failed; what is delivered stays as it is',
          error instanceof Error ? error : { error: String(error) },
        );
        this.#retryAt(this.#options.now() + AFTER_FAILURE_MS);
      }
      const ended = performance.now();
      const { least, most } = GATHER_MS;
      this.#gatherUntil =
        ended + Math.min(most, Math.max(least, 2 * (ended - started)));
      this.#options.onDuration?.((ended - started) / 1000);
    }
  }

  async #run(): Promise<void> {
    // Outside the transaction: whoever measures traffic may take its time.
    const rolloutErrors =
      (await this.#options.readRolloutErrors?.()) ?? new Map();
    const outsideCallers =
      (await this.#options.readOutsideCallers?.()) ?? new Map();
    const outcome = await inTransaction(this.#options.knex, async trx => {
      const hub = await lockHub(trx);
      if (hub.readOnly) return undefined;
      // Only reconciliations write what is delivered, and each counts the revision up.
      const deliveries =
        this.#deliveries?.revision === hub.revision
          ? this.#deliveries.byCluster
          : await readDeliveries(trx);
      this.#deliveries = undefined;
      return reconcileOnce(trx, {
        ...this.#options,
        hub,
        deliveries,
        memory: this.#memory,
        rolloutErrors,
        outsideCallers,
      });
    });
    if (!outcome) return;
    this.#deliveries = {
      revision: outcome.revision,
      byCluster: outcome.deliveries,
    };
    for (const { subject, error } of outcome.errors) {
      this.#options.logger.error(
        `${subject} could not be composed; what is delivered for it stays as it is`,
        error instanceof Error ? error : { error: String(error) },
      );
    }
    this.#retryAt(outcome.retryAt);
    if (outcome.again) this.#again = true;
    if (await this.#learnDeletions(outcome.unexplained)) this.#again = true;
    this.#options.onChange(outcome);
  }

  #retryAt(at: number | undefined): void {
    clearTimeout(this.#retry);
    if (at === undefined) return;
    const wait = Math.max(50, at - this.#options.now());
    if (wait >= PERIOD_MS) return;
    this.#retry = setTimeout(() => this.trigger(), wait);
    this.#retry.unref();
  }

  /**
   * Objects whose definition is gone may only go when the history says that a
   * person deleted it: a table that was emptied deletes nothing (rule 1).
   */
  async #learnDeletions(names: readonly string[]): Promise<boolean> {
    let learnt = false;
    for (const name of names) {
      const { items } = await this.#options.definitions.revisions({
        kind: 'GlobalNamespace',
        name,
      });
      if (items[0]?.action !== 'delete') continue;
      this.#memory.deletedDefinitions.set(name, items[0].hash);
      learnt = true;
    }
    return learnt;
  }
}
