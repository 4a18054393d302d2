import {
  type Cluster,
  createClusterRequestSchema,
  prometheusUrlSchema,
} from '@isthmus/plugin-gns-common';

/** Labels that Kubernetes and Istio themselves use for the same. */
export const NETWORK_LABEL = 'topology.istio.io/network';
export const REGION_LABEL = 'topology.kubernetes.io/region';

/** What an address of a Prometheus looks like. */
export const PROMETHEUS_EXAMPLE = 'http://prometheus.monitoring:9090';

/** What a person says of a cluster before it is there. */
export interface ClusterDraft {
  name: string;
  title: string;
  network: string;
  region: string;
  prometheus: string;
  /** The controller may restart workloads. */
  restarts: boolean;
}

/** What of a draft is written. */
export type DraftText = Exclude<keyof ClusterDraft, 'restarts'>;

export type DraftProblem =
  | 'required'
  | 'badName'
  | 'taken'
  | 'badLabel'
  | 'badUrl';

const LABEL_VALUE = /^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** What is wrong with a draft, by field; empty: it can be registered. */
export function problemsOfDraft(
  draft: ClusterDraft,
  clusters: readonly Cluster[],
): Partial<Record<DraftText, DraftProblem>> {
  const problems: Partial<Record<DraftText, DraftProblem>> = {};
  const name = createClusterRequestSchema.shape.name.safeParse(draft.name);
  if (draft.name === '') problems.name = 'required';
  else if (!name.success) problems.name = 'badName';
  else if (clusters.some(one => one.name === draft.name)) {
    problems.name = 'taken';
  }
  for (const field of ['network', 'region'] as const) {
    if (draft[field] !== '' && !LABEL_VALUE.test(draft[field])) {
      problems[field] = 'badLabel';
    }
  }
  if (!isPrometheusUrl(draft.prometheus)) problems.prometheus = 'badUrl';
  return problems;
}

/** Whether the hub would take it; an empty one says that there is none. */
export function isPrometheusUrl(text: string): boolean {
  return text === '' || prometheusUrlSchema.safeParse(text.trim()).success;
}

/** The draft as the body of `POST clusters`. */
export function requestOfDraft(draft: ClusterDraft) {
  return {
    name: draft.name,
    ...(draft.title.trim() ? { title: draft.title.trim() } : {}),
    labels: {
      ...(draft.network ? { [NETWORK_LABEL]: draft.network } : {}),
      ...(draft.region ? { [REGION_LABEL]: draft.region } : {}),
    },
    ...(draft.prometheus.trim()
      ? { prometheusUrl: draft.prometheus.trim() }
      : {}),
    ...(draft.restarts ? { restartWorkloads: true } : {}),
  };
}

/** What those who registered a cluster said of it. */
export function expectedOf(cluster: Cluster): {
  network?: string;
  region?: string;
} {
  return {
    network: cluster.labels[NETWORK_LABEL],
    region: cluster.labels[REGION_LABEL],
  };
}
