import type { Condition, Coverage, Manifest } from '@isthmus/plugin-gns-common';
import type {
  ClusterView,
  ComposedCluster,
  ComposedEndpoint,
  ComposedMember,
  ComposedService,
} from '../composition';
import type { ClusterFacts } from '../composition/clusterFacts';
import type { FullObservation } from '../members/readObservations';

/** An object of the global namespace that a cluster was told to have. */
export interface ToldObject {
  readonly key: string;
  readonly manifest: Manifest;
  readonly hosts: readonly string[];
  /** Number of the desired state that changed it last. */
  readonly changedN: number;
}

/** One member cluster as the links look at it. */
export interface Side {
  readonly id: string;
  readonly name: string;
  /** Undefined: it never reported. */
  readonly view: ClusterView | undefined;
  readonly facts: ClusterFacts | undefined;
  readonly coverage: Coverage;
  readonly observed: FullObservation | undefined;
  readonly paused: boolean;
  readonly drained: boolean;
  readonly leaving: boolean;
  /** Number of its newest desired state. */
  readonly desiredN: number;
  readonly composed: ComposedCluster | undefined;
  readonly told: ReadonlyMap<string, ToldObject>;
}

/** A place that offers the service. */
export interface Server {
  readonly side: Side;
  readonly endpoint: ComposedEndpoint;
}

/** One caller in one place, and what it wants to call: all that the links look at. */
export interface Call {
  readonly gns: string;
  readonly host: string;
  /** Undefined: no member offers it. */
  readonly service: ComposedService | undefined;
  readonly port: number | null;
  readonly members: readonly ComposedMember[];
  /** Of the global namespace and of the service, those that are not True. */
  readonly conditions: readonly Condition[];
  readonly gnsPaused: boolean;
  /** The hub's own term. */
  readonly term: number;
  readonly caller: {
    readonly side: Side;
    readonly namespace: string;
    readonly workload: string | null;
  };
  /** Of the place that was asked about, or of all places; sorted by cluster. */
  readonly servers: readonly Server[];
}
