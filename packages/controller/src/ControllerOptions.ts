import type { Epoch } from '@isthmus/plugin-gns-common';
import { Clock } from './timing/Clock';
import { Intervals } from './timing/Intervals';
import { Hub } from './hub/Hub';
import { CollectingSettings } from './collector/ClusterCollector';
import { IssuingSettings } from './issuer/Issuing';
import { ServingLives } from './issuer/serving/nextServing';
import { Logger } from './logging';
import { KubeApi } from './kube/KubeApi';
import { Dial } from './probes/GatewayProbes';
import { LookUp } from './reconciler/EndpointNames';

/** Options of {@link createController}. */
export interface ControllerOptions {
  /** The member cluster's API server. */
  kube: KubeApi;
  /** How to reach the hub, or a hub made by the caller. */
  hub: { url: string; ca?: string } | Hub;
  /** One-time join token; needed until the cluster is enrolled. */
  token?: string;
  /** Where state, status and lease live. Default `isthmus-system`. */
  namespace?: string;
  /** Where istiod runs. Default `istio-system`. */
  istioNamespace?: string;
  /** Default: says nothing. */
  logger?: Logger;
  /** Default: the machine's. */
  clock?: Clock;
  /** Host name → addresses. Default: the machine's resolver. */
  lookUp?: LookUp;
  /** TCP connect for probes. Default: a real one. */
  dial?: Dial;
  /** Reconcile only while holding the Lease. Default true. */
  lease?: boolean;
  /** Name of this replica in the Lease. Default: host name and a random part. */
  holder?: string;
  /** `host:port` for /healthz, /readyz and /metrics; absent: none. */
  statusListen?: string;
  /** Serve certificates to workloads; absent: not. */
  issuing?: IssuingSettings;
  /** Measure traffic from there; absent: not. It is closed by who made it. */
  collecting?: CollectingSettings;
  /** Lives of what the certificate service serves TLS with. */
  servingLives?: ServingLives;
  /** Shorter (or longer) intervals, milliseconds. */
  intervals?: Partial<Intervals>;
  /** Called when all objects of an epoch were tried. */
  onApplied?(epoch: Epoch): void;
}

/** The options with their defaults, as a session uses them. */
export interface ControllerSettings {
  kube: KubeApi;
  namespace: string;
  istioNamespace: string;
  logger: Logger;
  clock: Clock;
  intervals: Intervals;
  lookUp: LookUp;
  dial: Dial;
  startedAt: number;
  servingLives?: ServingLives;
  collecting?: CollectingSettings;
  onApplied?(epoch: Epoch): void;
}
