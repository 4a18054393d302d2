import type {
  Condition,
  ErrorReading,
  GlobalNamespace,
  RolloutEvent,
  RolloutState,
  RolloutStop,
  RolloutWave,
  StopReason,
} from '@isthmus/plugin-gns-common';
import type { PlannedLoss } from '../plans/losses';

/** A cluster of a wave; the name is the one that it had when the rollout began. */
export interface WaveCluster {
  readonly id: string;
  readonly name: string;
}

export interface WaveRecord {
  readonly clusters: readonly WaveCluster[];
  readonly soakSeconds: number;
  readonly state: RolloutWave['state'];
  readonly startedAt?: string;
  /** Errors and the time to apply are reckoned from here: its start, or when a person let it go on. */
  readonly watchedFrom?: string;
  readonly appliedAt?: string;
  readonly soakUntil?: string;
  readonly errors?: ErrorReading;
}

/** The definition before the change, as composition needs it. */
export interface FormerDefinition {
  readonly definition: GlobalNamespace;
  readonly generation: number;
  readonly createdOrder: number;
}

/** A rollout as it is stored. */
export interface RolloutRecord {
  readonly id: string;
  readonly gns: string;
  readonly ref: string;
  readonly change: 'create' | 'update' | 'delete';
  readonly state: RolloutState;
  readonly version: number;
  readonly message: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedAt: string | undefined;
  /** Undefined: there was none. */
  readonly former: FormerDefinition | undefined;
  readonly targetGeneration: number;
  /** The generation that going back wrote. */
  readonly backGeneration: number | undefined;
  readonly stopOn: RolloutStop;
  readonly waves: readonly WaveRecord[];
  readonly wave: number;
  readonly stop:
    | { readonly at: string; readonly reason: StopReason }
    | undefined;
  readonly plan: string | undefined;
  /** Deletions that the confirmed plan, or the decision to go back, announced. */
  readonly losses: readonly PlannedLoss[];
  /** Member keys of the former definition: they stay accepted while it holds anywhere. */
  readonly accepted: readonly string[];
  /** Keys of conditions that were there before, or that the plan announced. */
  readonly known: readonly string[];
  /** Whose errors count. */
  readonly hosts: readonly string[];
}

/** A step, with its line of the journal. */
export interface RolloutStep {
  readonly next: RolloutRecord;
  readonly event: Pick<RolloutEvent, 'kind' | 'message'> & {
    readonly actor: string;
    readonly wave?: number;
  };
}

/** How far one cluster of a wave is, as delivery sees it. */
export type ClusterProgress =
  | 'applied'
  | 'sending'
  | 'troubled'
  | 'paused'
  | 'held';

/** What a step is decided on. */
export interface RolloutSituation {
  /** By cluster id; a cluster that is missing was forgotten, and keeps nobody waiting. */
  readonly progress: ReadonlyMap<string, ClusterProgress>;
  /** Of this global namespace, those that are not True. */
  readonly conditions: readonly Condition[];
  readonly errors: ErrorReading;
  /** Why the global namespace cannot be composed; undefined: it can. */
  readonly broken: string | undefined;
  /** Generation of the definition as it stands; undefined: there is none. */
  readonly generation: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** States in which the former definition may still hold somewhere, and nobody else may write. */
export const OPEN_STATES: readonly RolloutState[] = [
  'running',
  'paused',
  'stopped',
];

export function isOpen(rollout: Pick<RolloutRecord, 'state'>): boolean {
  return OPEN_STATES.includes(rollout.state);
}

/** Ids of the clusters whose turn has come. */
export function turnedClusters(
  rollout: Pick<RolloutRecord, 'waves'>,
): ReadonlySet<string> {
  return new Set(
    rollout.waves
      .filter(w => w.state !== 'waiting')
      .flatMap(w => w.clusters.map(c => c.id)),
  );
}
