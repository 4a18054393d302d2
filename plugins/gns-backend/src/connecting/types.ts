import type { Check, Coverage } from '@isthmus/plugin-gns-common';
import type { EffectiveInventory } from '../composition';
import type { ClusterFacts } from '../composition/clusterFacts';
import type { ClusterRecord } from '../members/clusterRows';
import type { FullObservation } from '../members/readObservations';

/** The newest join token of a cluster; never the token itself. */
export interface TokenFacts {
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly usedAt: string | undefined;
}

/** Another enrolled cluster, as far as the new one meets it. */
export interface Neighbour {
  readonly name: string;
  readonly facts: ClusterFacts;
  readonly observed: FullObservation | undefined;
  /** It was told to try the gateways of the cluster in question. */
  readonly probes: boolean;
}

/** What is known of the cluster's telemetry. */
export type TelemetryFacts =
  | { readonly state: 'never' }
  | { readonly state: 'ok'; readonly dataAt: string | undefined }
  | { readonly state: 'troubled'; readonly message: string };

/** All that a connection is judged by. */
export interface ConnectionFacts {
  readonly cluster: ClusterRecord;
  readonly coverage: Coverage;
  readonly observed: FullObservation | undefined;
  readonly inventory: EffectiveInventory | undefined;
  readonly facts: ClusterFacts | undefined;
  readonly token: TokenFacts | undefined;
  /** When it was paused last, while it is paused. */
  readonly pausedAt: string | undefined;
  readonly neighbours: readonly Neighbour[];
  readonly telemetry: TelemetryFacts;
  readonly term: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a check says; its name and time are added. */
export type Finding = Pick<Check, 'state' | 'reason' | 'evidence'> & {
  readonly remedy?: string;
};
