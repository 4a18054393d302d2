import type {
  Condition,
  DesiredObject,
  GlobalNamespace,
  Inventory,
  InventoryGateway,
  InventoryKind,
  InventoryNamespace,
  InventoryService,
  InventoryWorkload,
  MeshFacts,
  Probe,
  Reachability,
} from '@isthmus/plugin-gns-common';
import type { AuthorityView } from './authority';

/**
 * The inventory that composition may act on: what the cluster reported, minus
 * losses that are held (rule 2). `marks` tells which kinds were never seen.
 */
export interface EffectiveInventory {
  mesh?: MeshFacts;
  namespaces: readonly InventoryNamespace[];
  services: readonly InventoryService[];
  workloads: readonly InventoryWorkload[];
  gateways: readonly InventoryGateway[];
  marks: Readonly<Record<InventoryKind, 'complete' | 'partial' | 'never'>>;
}

/**
 * One member cluster as composition sees it. Keys and `cluster` fields of
 * composed structures hold the id; conditions, probes and messages, which
 * people and controllers read, hold the name.
 */
export interface ClusterView {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** It is being disconnected: it is rendered as a member of nothing. */
  readonly leaving: boolean;
  /** The hub reads it itself: nothing is rendered into it, and it serves no caller of another cluster. */
  readonly observed?: true;
  /** It serves its own callers, and is offered to no other cluster. */
  readonly drained?: boolean;
  readonly inventory: EffectiveInventory;
  readonly reachability: readonly Reachability[];
}

/** A definition with its generation. */
export interface VersionedGlobalNamespace {
  readonly definition: GlobalNamespace;
  readonly generation: number;
  /** Grows with creation: "a namespace keeps its first GNS" goes by this. */
  readonly createdOrder: number;
}

/**
 * A change that reaches clusters one after the other. The definition in
 * {@link CompositionInput.definitions} is in force where the turn has come;
 * everywhere else the former one is rendered.
 */
export interface SplitDefinition {
  readonly gns: string;
  /** Undefined: there was none, so nothing is rendered there. */
  readonly former: VersionedGlobalNamespace | undefined;
  /** Ids of the clusters whose turn has come. */
  readonly turned: ReadonlySet<string>;
}

/** Decisions of rule 8 and their absence. Keys: {@link memberKey}. */
export interface Approvals {
  readonly approved: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
}

export function memberKey(
  gns: string,
  cluster: string,
  namespace: string,
): string {
  return `${gns}/${cluster}/${namespace}`;
}

/** Key of "this cluster serves this host": {@link CompositionInput.served}. */
export function servingKey(cluster: string, host: string): string {
  return `${cluster}/${host}`;
}

/** Everything that composition looks at; it does no I/O and reads no clock. */
export interface CompositionInput {
  readonly definitions: readonly VersionedGlobalNamespace[];
  /** At most one per global namespace; of a deletion there is no definition. */
  readonly splits?: readonly SplitDefinition[];
  readonly clusters: readonly ClusterView[];
  readonly approvals: Approvals;
  /** Stable address per host, IPv4, outside 240.240.0.0/16. Hosts without one get no address yet and are listed in `addressesWanted`. */
  readonly addresses: ReadonlyMap<string, string>;
  /**
   * Serving acknowledged (rule 4): `servingKey`s whose server objects the
   * cluster has applied. Only these are published to callers of other clusters.
   */
  readonly served: ReadonlySet<string>;
  /**
   * Members of the last committed composition ({@link acceptedMembers} of its
   * result): they are no newcomers and need no approval (rule 8). Absent: a
   * namespace is a newcomer while its cluster does not serve the host yet.
   */
  readonly acceptedMembers?: ReadonlySet<string>;
  /**
   * Weights published last ({@link CompositionResult.weights}), by
   * {@link servingKey}, so that small changes are damped. Empty at first.
   */
  readonly weights: ReadonlyMap<string, number>;
  /** Authorities by global namespace; absent: it never had one. */
  readonly authorities?: ReadonlyMap<string, AuthorityView>;
  readonly options: CompositionOptions;
}

export interface CompositionOptions {
  /** Remote clusters that a host keeps per caller, nearest first. */
  readonly nearestClusters: number;
  /** Largest share of a host's remote weight that one cluster may claim, 0–1 (rule 8). */
  readonly maxClusterShare: number;
}

export const DEFAULT_COMPOSITION_OPTIONS: CompositionOptions = {
  nearestClusters: 5,
  maxClusterShare: 0.8,
};

/**
 * What an object is for, so that delivery can order servers before clients:
 * `server` objects let a cluster serve hosts, `client` objects let its pods
 * call others', `policy` objects are neither.
 */
export type ObjectRole = 'server' | 'client' | 'policy';

export interface ComposedObject extends DesiredObject {
  readonly role: ObjectRole;
  /** Hosts that it serves or calls; empty for namespace-wide objects. */
  readonly hosts: readonly string[];
}

/** What one cluster shall have. */
export interface ComposedCluster {
  readonly cluster: string;
  /** The cluster's name, for people. */
  readonly name: string;
  readonly objects: ReadonlyMap<string, ComposedObject>;
  readonly probes: readonly Probe[];
  /** Member namespaces by global namespace. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Keys of the objects that must be applied before `servingKey(cluster, host)` counts as served. */
  readonly servingObjects: ReadonlyMap<string, readonly string[]>;
}

/** One namespace of one cluster in a global namespace. */
export interface ComposedMember {
  readonly cluster: string;
  readonly namespace: string;
  readonly state: 'member' | 'awaitingApproval' | 'refused' | 'conflict';
  /** Every matcher that chose it named it exactly: no approval needed. */
  readonly exact: boolean;
  readonly services: number;
  readonly awaitingRestart: number;
}

/** Where a global service runs in one cluster. */
export interface ComposedEndpoint {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  /** Ready pods that speak mTLS. */
  readonly readyMtls: number;
  readonly total: number;
  readonly published: boolean;
  readonly awaitingApproval: boolean;
  readonly workloads: readonly string[];
  readonly serviceAccounts: readonly string[];
}

export interface ComposedService {
  /** Host label. */
  readonly name: string;
  readonly host: string;
  readonly address?: string;
  readonly ports: readonly { number: number; name: string; protocol: string }[];
  readonly endpoints: readonly ComposedEndpoint[];
  /** SPIFFE ids that may serve it; never empty when an endpoint is published. */
  readonly subjectAltNames: readonly string[];
  readonly conditions: readonly Condition[];
}

export interface ComposedGlobalNamespace {
  readonly name: string;
  readonly domain: string;
  readonly members: readonly ComposedMember[];
  readonly services: readonly ComposedService[];
  readonly conditions: readonly Condition[];
}

export interface CompositionResult {
  readonly clusters: ReadonlyMap<string, ComposedCluster>;
  readonly globalNamespaces: ReadonlyMap<string, ComposedGlobalNamespace>;
  /** Members by global namespace that come when the turn of their cluster does ({@link SplitDefinition}). */
  readonly upcoming: ReadonlyMap<string, readonly ComposedMember[]>;
  /** Hosts that need an address before they can be rendered with one. */
  readonly addressesWanted: readonly string[];
  /** Weights to remember, as in {@link CompositionInput.weights}. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Parts of an inventory that a report brought; re-exported for the reducer. */
export type ReportedInventory = Inventory;
