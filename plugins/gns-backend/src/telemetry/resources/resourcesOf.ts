import type {
  ClusterResources,
  Freshness,
  GnsResources,
  ServiceResources,
  WorkloadResources,
} from '@isthmus/plugin-gns-common';
import type { Directory } from '../Directory';
import { ceilTo, floorTo, isoOf } from '../time';
import type { Reading } from './readResources';

/** How often clusters are asked, seconds. */
export const RESOURCES_STEP = 300;
/** Readings of now are at most this old, seconds. */
const FRESH_SECONDS = 3 * RESOURCES_STEP + 60;
const STEPS = [RESOURCES_STEP, 900, 3600] as const;
const MAX_POINTS = 200;

export interface ResourcesInput {
  readonly gns: string;
  readonly directory: Directory;
  readonly simulated: ReadonlySet<string>;
  /** Of the member clusters, oldest first; at least an hour of them. */
  readonly readings: readonly Reading[];
  /** Global services with the ids of the clusters that serve them. */
  readonly services: readonly {
    readonly name: string;
    readonly clusters: readonly string[];
  }[];
  /** Unix seconds. */
  readonly now: number;
  /** Seconds of history. */
  readonly range: number;
  readonly showNodes: boolean;
}

type Known = NonNullable<Reading['known']>;
type Use = { cpuCores: number | null; memoryBytes: number | null };

/** Sum of what is known; null: nothing is. */
function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter(v => v !== null);
  return known.length === 0 && values.length > 0
    ? null
    : known.reduce((sum, v) => sum + v, 0);
}

function useOf(items: readonly Use[]): Use {
  return {
    cpuCores: sumOf(items.map(i => i.cpuCores)),
    memoryBytes: sumOf(items.map(i => i.memoryBytes)),
  };
}

function totalOf({ nodes }: Known): NonNullable<ClusterResources['total']> {
  return {
    nodes: nodes.length,
    unknownNodes: nodes.filter(
      n =>
        n.cpuCores === null ||
        n.memoryBytes === null ||
        n.cpuCapacityCores === null ||
        n.memoryCapacityBytes === null,
    ).length,
    ...useOf(nodes),
    cpuCapacityCores: sumOf(nodes.map(n => n.cpuCapacityCores)),
    memoryCapacityBytes: sumOf(nodes.map(n => n.memoryCapacityBytes)),
  };
}

function workloadsOf(
  { gns, directory }: ResourcesInput,
  cluster: string,
  { workloads }: Known,
): WorkloadResources[] {
  return workloads
    .filter(w => directory.isMember(gns, cluster, w.namespace))
    .map(w => ({
      ...w,
      services: directory
        .servicesOf(cluster, w.namespace, w.name)
        .filter(s => s.gns === gns)
        .map(s => s.service)
        .sort(),
    }))
    .sort((a, b) =>
      `${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1,
    );
}

const podsOf = (workloads: readonly WorkloadResources[]) =>
  workloads.reduce((sum, w) => sum + w.pods, 0);

const STATES: Readonly<Record<string, Freshness>> = {
  unreachable: 'unreachable',
  unauthorized: 'unauthorized',
  timeout: 'timeout',
};

/** How the newest readings of a cluster stand. */
function standing(
  own: readonly Reading[],
  now: number,
): { state: Freshness; reason?: string } {
  const newest = own.at(-1);
  if (!newest) {
    return {
      state: 'unreachable',
      reason: 'It told nothing of CPU and memory in the last hour',
    };
  }
  if (newest.reason !== undefined) {
    return { state: STATES[newest.reason] ?? 'stale', reason: newest.reason };
  }
  return now - newest.at <= FRESH_SECONDS
    ? { state: 'ok' }
    : { state: 'stale', reason: `Nothing since ${isoOf(newest.at)}` };
}

/** CPU and memory of now and of the past. Pure. */
export function resourcesOf(input: ResourcesInput): GnsResources {
  const { gns, directory, readings, now } = input;
  const byCluster = new Map<string, Reading[]>();
  for (const reading of readings) {
    const own = byCluster.get(reading.cluster);
    if (own) own.push(reading);
    else byCluster.set(reading.cluster, [reading]);
  }
  const ids = [...directory.membersOf(gns).keys()].sort((a, b) =>
    (directory.nameOf(a) ?? a) < (directory.nameOf(b) ?? b) ? -1 : 1,
  );
  const current = new Map<string, WorkloadResources[]>();
  const clusters = ids.map((id): ClusterResources => {
    const own = (byCluster.get(id) ?? []).filter(r => r.at > now - 3600);
    const newest = own.filter(r => r.known).at(-1);
    // What was long ago is not told as if it were so now.
    const known =
      newest && now - newest.at <= FRESH_SECONDS ? newest.known : undefined;
    const workloads = known && workloadsOf(input, id, known);
    if (workloads) current.set(id, workloads);
    return {
      cluster: directory.nameOf(id) ?? id,
      simulated: input.simulated.has(id),
      ...standing(own, now),
      ...(newest ? { dataAt: isoOf(newest.at) } : {}),
      total: known ? totalOf(known) : null,
      nodes: known && input.showNodes ? known.nodes : null,
      members: workloads
        ? { pods: podsOf(workloads), ...useOf(workloads) }
        : null,
      workloads: workloads ?? null,
    };
  });
  return {
    gns,
    clusters,
    services: input.services.map(service =>
      serviceOf(service, current, directory),
    ),
    history: historyOf(input, ids, byCluster),
  };
}

function serviceOf(
  { name, clusters }: ResourcesInput['services'][number],
  current: ReadonlyMap<string, readonly WorkloadResources[]>,
  directory: Directory,
): ServiceResources {
  const parts = clusters
    .map(id => {
      const own = current
        .get(id)
        ?.filter(workload => workload.services.includes(name));
      return {
        cluster: directory.nameOf(id) ?? id,
        pods: own ? podsOf(own) : null,
        ...(own ? useOf(own) : { cpuCores: null, memoryBytes: null }),
      };
    })
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
  return {
    service: name,
    pods: sumOf(parts.map(p => p.pods)),
    ...useOf(parts),
    unknownClusters: parts
      .filter(p => p.cpuCores === null || p.memoryBytes === null)
      .map(p => p.cluster),
    clusters: parts,
  };
}

function historyOf(
  input: ResourcesInput,
  ids: readonly string[],
  byCluster: ReadonlyMap<string, readonly Reading[]>,
): GnsResources['history'] {
  const { now, range, directory } = input;
  const step = STEPS.find(s => range / s <= MAX_POINTS) ?? 3600;
  const to = ceilTo(now, step);
  const points = Math.ceil(range / step);
  const from = to - points * step;
  const starts = Array.from({ length: points }, (_, i) => from + i * step);
  return {
    from: isoOf(from),
    to: isoOf(to),
    stepSeconds: step,
    times: starts.map(isoOf),
    clusters: ids.map(id => {
      // A reading tells of the stretch that it ends; the last of a step speaks for it.
      const inStep = new Map<number, Known>();
      for (const { at, known } of byCluster.get(id) ?? []) {
        if (known) inStep.set(floorTo(at - 1, step), known);
      }
      const totals = starts.map(start => {
        const known = inStep.get(start);
        return known && totalOf(known);
      });
      const members = starts.map(start => {
        const known = inStep.get(start);
        return known && useOf(workloadsOf(input, id, known));
      });
      return {
        cluster: directory.nameOf(id) ?? id,
        cpuCores: totals.map(t => t?.cpuCores ?? null),
        cpuCapacityCores: totals.map(t => t?.cpuCapacityCores ?? null),
        memoryBytes: totals.map(t => t?.memoryBytes ?? null),
        memoryCapacityBytes: totals.map(t => t?.memoryCapacityBytes ?? null),
        memberCpuCores: members.map(m => m?.cpuCores ?? null),
        memberMemoryBytes: members.map(m => m?.memoryBytes ?? null),
      };
    }),
  };
}
