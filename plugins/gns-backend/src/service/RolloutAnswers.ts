import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  parseRef,
  type Definition,
  type Rollout,
} from '@isthmus/plugin-gns-common';
import type { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { readCurrentHolds } from '../delivery/HoldStore';
import { readHub } from '../delivery/hubState';
import { readPauses } from '../delivery/reconcileInput';
import { readObservations } from '../members/readObservations';
import { countDelivered, toRollout } from '../rollouts/rolloutAnswer';
import { getRollout, readEvents } from '../rollouts/RolloutStore';
import type { RolloutRecord } from '../rollouts/types';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';

/** Rollouts as a caller may see them: the rights are those on the definition that changes. */
export class RolloutAnswers {
  readonly #hub: HubContext;
  readonly #store: DatabaseDefinitionStore;

  private constructor(hub: HubContext, store: DatabaseDefinitionStore) {
    this.#hub = hub;
    this.#store = store;
  }

  static create(options: { hub: HubContext; store: DatabaseDefinitionStore }) {
    return new RolloutAnswers(options.hub, options.store);
  }

  /**
   * @throws NotFoundError when the caller may not read it
   * @throws NotAllowedError when the caller may read but not change it
   */
  async require(
    credentials: BackstageCredentials,
    action: 'read' | 'update',
    record: RolloutRecord,
  ): Promise<void> {
    try {
      await this.#hub.authorizer.require(
        credentials,
        action,
        parseRef(record.ref),
        await this.#subjectOf(record),
      );
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      throw new NotFoundError(
        `There is no rollout "${record.id}", or you may not read it`,
      );
    }
  }

  /** Those that the caller may read. */
  async readable(
    credentials: BackstageCredentials,
    records: readonly RolloutRecord[],
  ): Promise<RolloutRecord[]> {
    const mayRead = await this.#hub.authorizer.readablePredicate(credentials);
    const subjects = await Promise.all(records.map(r => this.#subjectOf(r)));
    return records.filter((_, index) => {
      const subject = subjects[index];
      return subject !== undefined && mayRead(subject.definition);
    });
  }

  async one(
    credentials: BackstageCredentials,
    record: RolloutRecord,
  ): Promise<Rollout> {
    const [shown] = await this.many(credentials, [record]);
    return shown;
  }

  async byId(credentials: BackstageCredentials, id: string): Promise<Rollout> {
    return this.one(credentials, await getRollout(this.#hub.knex, id));
  }

  /** In their REST shape, each with its clusters as they are now, and with what the caller may decide. */
  async many(
    credentials: BackstageCredentials,
    records: readonly RolloutRecord[],
  ): Promise<Rollout[]> {
    if (records.length === 0) return [];
    const hub = this.#hub;
    const allowed = await this.#changeable(credentials, records);
    const [{ term }, observed, holds, pauses, facts, events, snapshot] =
      await Promise.all([
        readHub(hub.knex),
        readObservations(hub.knex),
        readCurrentHolds(hub.knex),
        readPauses(hub.knex),
        readClusterFacts({ ...hub, limits: hub.freshness, now: hub.now() }),
        readEvents(
          hub.knex,
          records.map(r => r.id),
        ),
        hub.view.snapshot(),
      ]);
    const names = [...new Set(records.map(r => r.gns))];
    const counts = new Map(
      await Promise.all(
        names.map(
          async gns =>
            [gns, await countDelivered(hub.knex, gns, term)] as const,
        ),
      ),
    );
    return records.map(record =>
      toRollout(record, {
        counts: counts.get(record.gns) ?? new Map(),
        observed,
        coverage: new Map(facts.map(f => [f.coverage.cluster, f.coverage])),
        pausedClusters: new Set(
          facts.filter(f => f.cluster.paused).map(f => f.cluster.id),
        ),
        gnsPaused: pauses.has(record.gns),
        holds,
        composedGeneration: snapshot.stored.get(record.gns)?.generation,
        events: events.get(record.id) ?? [],
        mayDecide: allowed.has(record.gns),
      }),
    );
  }

  async #changeable(
    credentials: BackstageCredentials,
    records: readonly RolloutRecord[],
  ): Promise<ReadonlySet<string>> {
    const byGns = new Map(records.map(r => [r.gns, r]));
    const allowed = new Set<string>();
    for (const [gns, record] of byGns) {
      try {
        await this.require(credentials, 'update', record);
        allowed.add(gns);
      } catch (error) {
        const denied =
          error instanceof NotAllowedError || error instanceof NotFoundError;
        if (!denied) throw error;
      }
    }
    return allowed;
  }

  /** The definition as it stands; after its deletion, as it was. */
  async #subjectOf(
    record: RolloutRecord,
  ): Promise<{ definition: Definition } | undefined> {
    const ref = parseRef(record.ref);
    const definition =
      (await this.#store.get(ref))?.definition ??
      (await this.#store.lastState(ref));
    return definition && { definition };
  }
}
