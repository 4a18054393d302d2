import {
  ANNOTATION_RESTARTED_FOR,
  Condition,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';
import { KubeApi, isKubeStatus } from '../../kube/KubeApi';
import { RESTARTABLE_RESOURCES, READ_RESOURCES } from '../../kube/resources';
import { Logger, messageOf } from '../../logging';
import { Clock } from '../../timing/Clock';
import {
  Budget,
  RESTARTABLE,
  RestartableKind,
  hindrance,
  isRolledOut,
  readBudget,
  readWorkload,
} from './restartPlan';

/** A workload of which pods wait for a restart. */
export interface Waiting {
  gns: string;
  /** The definition wants waiting workloads to be restarted. */
  rolling: boolean;
  /** A restart would help now: what starts is set up as its phase wants. */
  helps: boolean;
  /** What the restart is for: nothing is restarted twice for the same. */
  purpose: string;
  workload: Pick<
    WorkloadIdentity,
    'namespace' | 'kind' | 'name' | 'awaitingRestart'
  >;
}

export interface RestarterOptions {
  kube: KubeApi;
  clock: Clock;
  logger: Logger;
  /** Time between two looks, milliseconds. */
  interval: number;
  /** All that wait now, in order. */
  waiting(): Waiting[];
  isPaused(gns: string): boolean;
  mayWrite(): boolean;
  onChange(): void;
}

/** A roll-out that takes longer is told of, and nothing else of its global namespace is restarted meanwhile. */
const STUCK = 600_000;

/** Workloads in one message. */
const NAMED = 20;

/**
 * Restarts the workloads that wait, where the definition allows it: one at a
 * time, when its PodDisruptionBudgets leave room, and the next one only when
 * all pods of the last are back. Otherwise it tells which wait, and why.
 */
export class Restarter {
  readonly #options: RestarterOptions;
  /** Why a workload is not restarted now, by key. */
  readonly #hindrances = new Map<string, string>();
  #current: { waiting: Waiting; since: number } | undefined;

  static create(options: RestarterOptions): Restarter {
    return new Restarter(options);
  }

  private constructor(options: RestarterOptions) {
    this.#options = options;
  }

  /** Works until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, interval, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#look(signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn(`restarts: ${messageOf(error)}`);
      }
      await clock.sleep(interval, signal);
    }
  }

  isRestarting(
    workload: Pick<WorkloadIdentity, 'namespace' | 'kind' | 'name'>,
  ) {
    const current = this.#current?.waiting.workload;
    return current !== undefined && keyOf(current) === keyOf(workload);
  }

  /** One condition for each global namespace of which workloads wait. */
  conditions(): Condition[] {
    const byGns = new Map<string, Waiting[]>();
    for (const waiting of this.#options.waiting()) {
      const list = byGns.get(waiting.gns);
      if (list) list.push(waiting);
      else byGns.set(waiting.gns, [waiting]);
    }
    return [...byGns].map(([gns, list]): Condition => {
      const stuck = this.#isStuck() && this.#current?.waiting.gns === gns;
      let reason = 'Manual';
      if (stuck) reason = 'Stuck';
      else if (list[0].rolling) {
        reason = this.#current?.waiting.gns === gns ? 'Rolling' : 'Waiting';
      }
      const named = list
        .slice(0, NAMED)
        .map(w => `${keyOf(w.workload)}${this.#why(w)}`)
        .join(', ');
      const more =
        list.length > NAMED ? ` and ${list.length - NAMED} more` : '';
      return {
        type: 'RestartsPending',
        status: 'False',
        severity: stuck ? 'error' : 'warning',
        reason,
        message: `Workloads wait for a restart: ${named}${more}. ${
          list[0].rolling
            ? 'They are restarted one after another, once a restart helps.'
            : 'Restart them with "kubectl rollout restart", or set authority.restart: rolling in the definition.'
        }`.slice(0, 4000),
        gns,
      };
    });
  }

  #why({ workload }: Waiting): string {
    const why = this.#hindrances.get(keyOf(workload));
    return why ? ` (${why})` : '';
  }

  #isStuck(): boolean {
    const { clock } = this.#options;
    return (
      this.#current !== undefined && clock.now() - this.#current.since > STUCK
    );
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { isPaused, mayWrite, waiting } = this.#options;
    if (!mayWrite()) return;
    if (
      this.#current &&
      !(await this.#isFinished(this.#current.waiting, signal))
    ) {
      return;
    }
    if (this.#current) {
      this.#current = undefined;
      this.#options.onChange();
    }
    const candidates = waiting().filter(
      w => w.rolling && w.helps && !isPaused(w.gns),
    );
    const keys = new Set(candidates.map(w => keyOf(w.workload)));
    for (const key of this.#hindrances.keys()) {
      if (!keys.has(key)) this.#hindrances.delete(key);
    }
    for (const candidate of candidates) {
      if (signal.aborted) return;
      const why = await this.#tryRestart(candidate, signal);
      if (why === undefined) return;
      this.#hinder(keyOf(candidate.workload), why);
    }
  }

  async #tryRestart(
    waiting: Waiting,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    try {
      return await this.#restart(waiting, signal);
    } catch (error) {
      if (!isKubeStatus(error, 403)) throw error;
      return 'the controller may not restart workloads: give it the rights (Helm: --reuse-values --set restartWorkloads=true), or restart it by hand';
    }
  }

  /** Why not; undefined: it restarts now. */
  async #restart(
    waiting: Waiting,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { kube, clock, logger, onChange } = this.#options;
    const { kind, name, namespace } = waiting.workload;
    if (!isRestartable(kind)) {
      return `a ${kind} is not restarted by us; delete its pods by hand`;
    }
    const resource = RESTARTABLE_RESOURCES[kind];
    const object = await kube.get(resource, { name, namespace }, signal);
    const workload = object && readWorkload(object);
    if (!object || !workload) return 'it cannot be read';
    const { annotations } = workload.spec.template.metadata ?? {};
    if (annotations?.[ANNOTATION_RESTARTED_FOR] === waiting.purpose) {
      return 'it was restarted already and its pods still lack our set-up: look at its other conditions, then restart it by hand';
    }
    const why = hindrance(
      kind,
      workload,
      await this.#budgets(namespace, signal),
    );
    if (why) return why;
    await kube.apply(
      resource,
      {
        apiVersion: resource.apiVersion,
        kind,
        // With its uid: one that was deleted meanwhile is not made by us.
        metadata: { name, namespace, uid: object.metadata.uid },
        spec: {
          template: {
            metadata: {
              annotations: { [ANNOTATION_RESTARTED_FOR]: waiting.purpose },
            },
          },
        },
      },
      { force: true },
      signal,
    );
    logger.info(`restarts ${keyOf(waiting.workload)} for ${waiting.gns}`);
    this.#hindrances.delete(keyOf(waiting.workload));
    this.#current = { waiting, since: clock.now() };
    onChange();
    return undefined;
  }

  /** Whether the roll-out that we began has ended, or there is nothing left of it. */
  async #isFinished(
    { workload: { kind, name, namespace } }: Waiting,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (!isRestartable(kind)) return true;
    const object = await this.#options.kube.get(
      RESTARTABLE_RESOURCES[kind],
      { name, namespace },
      signal,
    );
    const workload = object && readWorkload(object);
    return !workload || isRolledOut(kind, workload);
  }

  async #budgets(namespace: string, signal: AbortSignal): Promise<Budget[]> {
    const budgets: Budget[] = [];
    let next: string | undefined;
    do {
      const page = await this.#options.kube.list(
        READ_RESOURCES.podDisruptionBudgets,
        { namespace },
        { limit: 500, continue: next },
        signal,
      );
      budgets.push(...page.items.flatMap(item => readBudget(item) ?? []));
      next = page.continue;
    } while (next);
    return budgets;
  }

  #hinder(key: string, why: string): void {
    if (this.#hindrances.get(key) === why) return;
    this.#hindrances.set(key, why);
    this.#options.onChange();
  }
}

function isRestartable(kind: string): kind is RestartableKind {
  return (RESTARTABLE as readonly string[]).includes(kind);
}

function keyOf(
  workload: Pick<WorkloadIdentity, 'namespace' | 'kind' | 'name'>,
) {
  return `${workload.kind} ${workload.namespace}/${workload.name}`;
}
