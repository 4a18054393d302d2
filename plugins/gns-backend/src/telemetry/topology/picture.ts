import type {
  Health,
  TelemetryCoverage,
  Topology,
  TrafficEdge,
  TrafficLevel,
} from '@isthmus/plugin-gns-common';
import type { Flow } from './Flows';
import type { NodeContext, NodeRef } from './nodes';
import type { Party } from './parties';
import type { WindowEdge } from './WindowFold';

/** An edge that once had traffic. */
export interface IdleEdge {
  readonly source: Party;
  readonly target: Party;
  readonly protocol: number;
  /** RFC 3339. */
  readonly lastSeenAt: string;
  /** Share of the window in which it would have been seen. */
  readonly known: number;
}

/** A workload of a member namespace, with or without traffic. */
export interface KnownWorkload {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly services: readonly string[];
  /** Null: not known. */
  readonly ready: number | null;
  readonly pods: number | null;
  readonly health: Health;
}

export interface TrafficInput {
  readonly gns: string;
  readonly level: TrafficLevel;
  readonly from: string;
  readonly to: string;
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  readonly live: boolean;
  readonly edges: readonly WindowEdge[];
  readonly idle: readonly IdleEdge[];
  /** Boxes, services and gateways with the health of their pods. */
  readonly topology: Topology;
  readonly workloads: readonly KnownWorkload[];
  readonly coverage: readonly TelemetryCoverage[];
  readonly context: NodeContext;
  /** Global namespaces of foreign nodes: by cluster name and namespace. */
  readonly gnsOf: (cluster: string, namespace: string) => string | undefined;
  /** Only this service and its neighbours. */
  readonly service?: string;
  readonly limit: number;
  /** With latency buckets, so that readers can merge edges themselves. */
  readonly buckets: boolean;
  readonly generatedAt: string;
}

/** Levels that a picture has nodes of, from the outermost. */
export const SHOWN: Readonly<Record<TrafficLevel, readonly TrafficLevel[]>> = {
  cluster: ['cluster'],
  namespace: ['cluster', 'namespace'],
  service: ['cluster', 'namespace', 'service'],
  workload: ['cluster', 'namespace', 'service', 'workload'],
};

/** What flows into and out of a node. */
export interface NodeFlows {
  readonly inbound: Flow;
  readonly outbound: Flow;
}

/** An edge of the picture with its ends. */
export interface DrawnEdge {
  readonly edge: TrafficEdge;
  readonly source: NodeRef;
  readonly target: NodeRef;
  readonly weight: number;
}
