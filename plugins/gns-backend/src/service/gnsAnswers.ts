import {
  formatEpoch,
  type Condition,
  type GlobalNamespace,
  type GlobalService,
  type GnsStatus,
  type GnsSummary,
} from '@isthmus/plugin-gns-common';
import {
  healthOf,
  worst,
  type ComposedGlobalNamespace,
  type ComposedService,
} from '../composition';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import type { HoldRecord } from '../delivery/HoldStore';
import {
  objectConditions,
  reportedConditions,
} from '../members/observedConditions';
import type { ClusterFacts } from './clusterAnswers';

/** Counts of delivered objects: `<cluster id>/<gns>`. */
export type ObjectCounts = ReadonlyMap<string, number>;

export interface GnsContext {
  readonly record: DefinitionRecord;
  /** Undefined: written a moment ago, not composed yet. */
  readonly composed: ComposedGlobalNamespace | undefined;
  readonly clusters: readonly ClusterFacts[];
  readonly paused: boolean;
  readonly holds: readonly HoldRecord[];
  readonly counts: ObjectCounts;
  readonly term: number;
  /** What should be known of its authority. */
  readonly authority: readonly Condition[];
}

function involved({ record, composed, clusters, counts }: GnsContext) {
  const name = record.definition.metadata.name;
  const ids = new Set(composed?.members.map(m => m.cluster));
  return clusters.filter(
    ({ cluster }) => ids.has(cluster.id) || counts.has(`${cluster.id}/${name}`),
  );
}

function conditionsOf(context: GnsContext): Condition[] {
  const { composed, record, clusters } = context;
  const name = record.definition.metadata.name;
  const ids = new Set(involved(context).map(f => f.cluster.id));
  return [
    ...(composed?.conditions ?? []),
    ...(composed?.services ?? []).flatMap(s => s.conditions),
    ...clusters.flatMap(facts => [
      ...reportedConditions(facts).filter(
        c =>
          c.gns === name || (c.gns === undefined && ids.has(facts.cluster.id)),
      ),
      ...objectConditions(facts).filter(c => c.gns === name),
    ]),
    ...context.authority,
  ];
}

function holdsOf({ holds, record, composed }: GnsContext): HoldRecord[] {
  const name = record.definition.metadata.name;
  const ids = new Set(composed?.members.map(m => m.cluster));
  return holds.filter(
    h =>
      h.state === 'open' &&
      (h.gns === name ||
        (h.gns === undefined && h.clusterId && ids.has(h.clusterId))),
  );
}

/** One row of the list. */
export function toSummary(context: GnsContext): GnsSummary {
  const { record, composed, paused } = context;
  const { metadata, spec } = record.definition as unknown as GlobalNamespace;
  const conditions = conditionsOf(context).filter(c => c.status !== 'True');
  const count = (severity: Condition['severity']) =>
    conditions.filter(c => c.severity === severity).length;
  const coverage = involved(context).map(f => f.coverage);
  const troubled = conditions.some(
    c =>
      c.severity === 'error' && (c.type === 'Applied' || c.type === 'Composed'),
  );
  return {
    name: metadata.name,
    ...(metadata.title ? { title: metadata.title } : {}),
    ...(metadata.description ? { description: metadata.description } : {}),
    ...(metadata.owner ? { owner: metadata.owner } : {}),
    domain: spec.domain,
    generation: record.generation,
    paused,
    health: composed
      ? worst([
          healthOf(composed, coverage),
          ...(troubled ? ['degraded' as const] : []),
        ])
      : 'unknown',
    services: composed?.services.length ?? 0,
    clusters: coverage,
    conditions: {
      error: count('error'),
      warning: count('warning'),
      info: count('info'),
    },
    holds: holdsOf(context).length,
    updatedAt: record.updatedAt,
  };
}

function toService(
  service: ComposedService,
  context: GnsContext,
): GlobalService {
  const names = new Map(
    context.clusters.map(f => [f.cluster.id, f.cluster.name]),
  );
  const known = new Map(
    context.clusters.map(f => [
      f.cluster.id,
      f.coverage.state === 'ok' || f.coverage.state === 'stale',
    ]),
  );
  return {
    name: service.name,
    host: service.host,
    ...(service.address ? { address: service.address } : {}),
    ports: service.ports.map(p => ({ ...p })),
    endpoints: service.endpoints.map(e => ({
      cluster: names.get(e.cluster) ?? e.cluster,
      namespace: e.namespace,
      service: e.service,
      // A silent cluster's count is not known, and unknown is not zero.
      ready: known.get(e.cluster) ? e.readyMtls : null,
      total: known.get(e.cluster) ? e.total : null,
      published: e.published,
      awaitingApproval: e.awaitingApproval,
      workloads: [...e.workloads],
    })),
    callers: (context.composed?.members ?? [])
      .filter(m => m.state === 'member')
      .map(m => `${names.get(m.cluster) ?? m.cluster}/${m.namespace}`)
      .sort(),
    conditions: [...service.conditions],
  };
}

/** The whole status. */
export function toStatus(context: GnsContext): GnsStatus {
  const { record, composed, counts, term } = context;
  const { metadata, spec } = record.definition as unknown as GlobalNamespace;
  const names = new Map(
    context.clusters.map(f => [f.cluster.id, f.cluster.name]),
  );
  return {
    ...toSummary(context),
    mtls: spec.mtls,
    authority: {
      mode: spec.authority.mode,
      trustDomain: spec.authority.trustDomain,
    },
    members: (composed?.members ?? []).map(m => ({
      cluster: names.get(m.cluster) ?? m.cluster,
      namespace: m.namespace,
      state: m.state,
      services: m.services,
      awaitingRestart: m.awaitingRestart,
    })),
    globalServices: (composed?.services ?? []).map(s => toService(s, context)),
    allConditions: conditionsOf(context),
    rollout: involved(context).map(({ cluster, observed }) => {
      const failed = (observed?.objectStates ?? []).filter(
        o => o.gns === metadata.name && o.state !== 'paused',
      ).length;
      const applied = observed?.appliedEpoch ?? { term: 0, n: 0 };
      return {
        cluster: cluster.name,
        desiredEpoch: formatEpoch({ term, n: cluster.desiredN }),
        appliedEpoch: formatEpoch(applied),
        objects: counts.get(`${cluster.id}/${metadata.name}`) ?? 0,
        failed,
        upToDate:
          failed === 0 &&
          applied.term === term &&
          applied.n >= cluster.desiredN,
      };
    }),
  };
}
