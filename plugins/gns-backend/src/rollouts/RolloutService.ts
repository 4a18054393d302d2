import { randomUUID } from 'node:crypto';
import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import {
  formatRef,
  type Definition,
  type DefinitionRef,
  type ErrorReading,
  type GlobalNamespace,
  type RolloutAction,
  type RolloutStrategy,
} from '@isthmus/plugin-gns-common';
import { allConditions, planChanges } from '../composition';
import { inTransaction } from '../database/inTransaction';
import type { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import type {
  DefinitionRecord,
  Precondition,
} from '../definitions/DefinitionStore';
import type { DefinitionWriter } from '../definitions/DefinitionWriter';
import { lockHub } from '../delivery/hubState';
import type { Audit } from '../members/enrolment';
import {
  objectConditions,
  reportedConditions,
} from '../members/observedConditions';
import { readObservations } from '../members/readObservations';
import { lossesOf, readPlanLosses, type PlannedLoss } from '../plans/losses';
import { InvalidDefinitionError } from '../service/errors';
import type { HubView, Snapshot } from '../service/HubView';
import type { TrafficReader } from '../traffic/TrafficReader';
import { decideAction } from './decideAction';
import { beginWave } from './decideStep';
import { asChange, prepareRollout, type GnsChange } from './prepareRollout';
import {
  getRollout,
  insertRollout,
  readActiveRollouts,
  writeStep,
} from './RolloutStore';
import { isOpen, type RolloutRecord } from './types';

export interface NewRollout {
  readonly ref: DefinitionRef;
  /** As it was sent; undefined: the definition is to be deleted. */
  readonly document: unknown;
  /** The same, read. */
  readonly target: Definition | undefined;
  readonly expect: number | null;
  readonly strategy: RolloutStrategy;
  readonly plan: string | undefined;
  readonly message: string;
  readonly actor: string;
}

export interface RolloutServiceOptions {
  readonly knex: Knex;
  readonly definitions: DatabaseDefinitionStore;
  readonly writer: DefinitionWriter;
  readonly view: HubView;
  readonly audit: Audit;
  readonly traffic: TrafficReader;
  readonly now: () => number;
}

/** Begins rollouts, and carries out what people decide about them. */
export class RolloutService {
  readonly #options: RolloutServiceOptions;

  private constructor(options: RolloutServiceOptions) {
    this.#options = options;
  }

  static create(options: RolloutServiceOptions) {
    return new RolloutService(options);
  }

  /**
   * Writes the definition, or deletes it, and begins to bring that to the
   * clusters: both or neither.
   * @throws InvalidDefinitionError, PreconditionFailedError, RolloutUnderWayError, PlanMismatchError
   */
  async begin(request: NewRollout): Promise<RolloutRecord> {
    const { view, writer, now } = this.#options;
    const { ref, target, actor, message, plan } = request;
    const change: GnsChange = { ref, target };
    const snapshot = await view.snapshot();
    const prepared = prepareRollout(
      view,
      snapshot,
      change,
      request.strategy,
      await this.#currentConditions(snapshot),
    );
    const precondition: Precondition =
      request.expect === null
        ? { type: 'absent' }
        : { type: 'generation', generation: request.expect };
    let begun: RolloutRecord | undefined;
    const id = randomUUID();
    const context = {
      actor,
      message,
      ...(plan ? { plan } : {}),
      rollout: id,
      together: async (
        trx: Knex,
        written: { generation: number; former: DefinitionRecord | undefined },
      ) => {
        const at = new Date(now()).toISOString();
        begun = {
          id,
          gns: ref.name,
          ref: formatRef(ref),
          change: changeOf(request, written.former),
          state: 'running',
          version: 1,
          message,
          createdBy: actor,
          createdAt: at,
          endedAt: undefined,
          former: written.former && {
            definition: written.former.definition as unknown as GlobalNamespace,
            generation: written.former.generation,
            createdOrder: written.former.createdOrder,
          },
          targetGeneration: written.generation,
          backGeneration: undefined,
          stopOn: request.strategy.stopOn,
          waves: prepared.waves.with(0, beginWave(prepared.waves[0], at)),
          wave: 0,
          stop: undefined,
          plan,
          losses: plan ? await readPlanLosses(trx, plan) : [],
          accepted: prepared.accepted,
          known: prepared.known,
          hosts: prepared.hosts,
        };
        await insertRollout(trx, begun, now());
      },
    };
    if (target) {
      await writer.put(ref, request.document, precondition, context);
    } else {
      await writer.delete(ref, request.expect ?? 0, context);
    }
    if (!begun) {
      throw InvalidDefinitionError.of([
        {
          severity: 'error',
          code: 'unchanged',
          path: 'definition',
          message: 'The definition is what stands already.',
          remedy: 'Change it, or begin no rollout.',
        },
      ]);
    }
    return begun;
  }

  /**
   * Carries out a decision: with it, going back writes the former definition.
   * @throws ConflictError when the rollout is another than the one that was seen, or does not take it
   */
  async decide(
    id: string,
    action: RolloutAction,
    by: { actor: string; reason: string; version: number | undefined },
  ): Promise<RolloutRecord> {
    const { knex, now, audit } = this.#options;
    const losses =
      action === 'back'
        ? await this.#lossesOfGoingBack(await getRollout(knex, id))
        : [];
    return inTransaction(knex, async trx => {
      // As reconciliations do: none sees the step without what it wrote.
      await lockHub(trx);
      const rollout = await getRollout(trx, id);
      if (by.version !== undefined && by.version !== rollout.version) {
        throw new ConflictError(
          `The rollout went on meanwhile: it has version ${rollout.version}, you saw ${by.version}. Read it again, then decide`,
        );
      }
      const decided = { actor: by.actor, reason: by.reason, now: now() };
      // Says whether it is taken at all, before anything is written.
      const step = decideAction(rollout, action, { ...decided, losses });
      const backGeneration =
        action === 'back'
          ? await this.#writeFormer(trx, rollout, by)
          : undefined;
      const next = await writeStep(
        trx,
        rollout,
        action === 'back'
          ? decideAction(rollout, action, {
              ...decided,
              losses,
              backGeneration,
            })
          : step,
        now(),
      );
      await audit(
        {
          actor: by.actor,
          action: `rollout.${action}`,
          subject: rollout.ref,
          message: by.reason,
          details: { rollout: id, wave: rollout.wave },
        },
        trx,
      );
      return next;
    });
  }

  /** Errors of the services concerned since the wave under way began, by rollout. */
  async readErrors(): Promise<Map<string, ErrorReading>> {
    const { knex, traffic } = this.#options;
    const running = (await readActiveRollouts(knex)).filter(
      r => r.state === 'running',
    );
    return new Map(
      await Promise.all(
        running.map(async ({ id, gns, hosts, waves, wave }) => {
          const { watchedFrom } = waves[wave];
          return [
            id,
            await traffic.errorsSince(
              gns,
              hosts,
              new Date(watchedFrom ?? this.#options.now()),
            ),
          ] as const;
        }),
      ),
    );
  }

  /** @returns the generation that stands then; undefined: none */
  async #writeFormer(
    trx: Knex.Transaction,
    rollout: RolloutRecord,
    by: { actor: string; reason: string },
  ): Promise<number | undefined> {
    const { definitions } = this.#options;
    const ref = { kind: 'GlobalNamespace', name: rollout.gns };
    const context = {
      actor: by.actor,
      message: by.reason || `Went back: ${rollout.message}`.slice(0, 500),
      rollout: rollout.id,
      trx,
    };
    const { former, targetGeneration: generation } = rollout;
    if (!former) {
      await definitions.delete(ref, generation, context);
      return undefined;
    }
    const { record } = await definitions.put(
      former.definition as unknown as Definition,
      rollout.change === 'delete'
        ? { type: 'absent' }
        : { type: 'generation', generation },
      context,
    );
    return record.generation;
  }

  /** What the clusters lose when the former definition holds everywhere again. */
  async #lossesOfGoingBack(
    rollout: RolloutRecord,
  ): Promise<readonly PlannedLoss[]> {
    if (!isOpen(rollout)) return [];
    const { view } = this.#options;
    const snapshot = await view.snapshot();
    const after = view.composeChange(
      snapshot,
      asChange({
        ref: { kind: 'GlobalNamespace', name: rollout.gns },
        target: rollout.former?.definition as Definition | undefined,
      }),
    ).result;
    return lossesOf(
      planChanges(view.composed(snapshot), after),
      snapshot,
    ).filter(loss => loss.gns === rollout.gns);
  }

  async #currentConditions(snapshot: Snapshot) {
    const { knex, view } = this.#options;
    const observed = await readObservations(knex);
    return [
      ...allConditions(view.composed(snapshot)),
      ...snapshot.clusters.flatMap(cluster => {
        const facts = { cluster, observed: observed.get(cluster.id) };
        return [...reportedConditions(facts), ...objectConditions(facts)];
      }),
    ].filter(c => c.status !== 'True');
  }
}

function changeOf(
  { target }: NewRollout,
  former: DefinitionRecord | undefined,
): RolloutRecord['change'] {
  if (!target) return 'delete';
  return former ? 'update' : 'create';
}
