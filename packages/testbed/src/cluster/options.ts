import type { ServicePort } from '../workload/podManifests';

/** One member cluster to bring up. */
export interface ClusterOptions {
  /** `east`; also Istio's cluster id. */
  name: string;
  /** Clusters of one network reach each other's pods; of different networks only through gateways. Its own by default. */
  network?: string;
  /** Region and zone of its node: `region-<i>` and `zone-a` by default. */
  region?: string;
  zone?: string;
  /** `common`: istiod's CA is an intermediate under the testbed's one root. `own`: istiod signs a root of its own. */
  root?: 'common' | 'own';
  /** Merged over the mesh configuration, one level deep. */
  meshConfig?: Record<string, unknown>;
  /**
   * True: Kubernetes' own controllers of Deployments, ReplicaSets and PodDisruptionBudgets make and end pods, as on
   * real clusters; false, the default: `startPod` and `deletePod` alone do.
   */
  workloadControllers?: boolean;
}

/** A pod with an app to start. */
export interface StartPodOptions {
  namespace: string;
  /** Name of its Deployment, its Service and its label `app`. Started again, it becomes one more replica. */
  name: string;
  /** `name` by default. */
  serviceAccount?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Ports of its Service: `http` 80 → 8080 and `grpc` 9090 by default; false for no Service. */
  service?: ServicePort[] | false;
  /** False for a pod outside the mesh: no proxy, no interception. */
  inject?: boolean;
  /** More host names of its /etc/hosts, with their addresses. */
  hosts?: Record<string, string>;
  /** Pods of its Deployment, 1 by default; more only with `workloadControllers`. */
  replicas?: number;
  /** False returns before the proxy is ready, and leaves reporting it to the caller. */
  waitUntilReady?: boolean;
}
