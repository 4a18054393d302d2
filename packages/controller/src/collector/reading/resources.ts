import type { Resources } from '@isthmus/plugin-gns-common';
import type { Series } from '../prometheus/Prometheus';
import { PART } from '../promql/queries';

type Known = Extract<Resources, { state: 'KNOWN' }>;
type Node = Known['nodes'][number];
type Workload = Known['workloads'][number];

/** A name as the contract takes it. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

const NODE_PARTS: Readonly<Record<string, Exclude<keyof Node, 'name'>>> = {
  nodeCpu: 'cpuCores',
  nodeMemory: 'memoryBytes',
  nodeCpuCapacity: 'cpuCapacityCores',
  nodeMemoryCapacity: 'memoryCapacityBytes',
};

/** Adds to what may not be known yet. */
function sum(known: number | null, value: number): number {
  return (known ?? 0) + value;
}

/**
 * Reads CPU and memory from the answer to the heartbeat query. Pods whose
 * workload is not known are left out.
 */
export function readResources(
  answer: readonly Series[],
  at: number,
  workloadOf: (namespace: string, pod: string) => string | undefined,
): Resources {
  const nodes = new Map<string, Node>();
  const workloads = new Map<string, Workload & { seen: Set<string> }>();
  for (const { labels, times, values } of answer) {
    const i = times.indexOf(at);
    const value = values[i];
    if (i < 0 || !(value >= 0)) continue;
    const part = labels[PART];
    const column = NODE_PARTS[part];
    if (column && NAME.test(labels.node ?? '')) {
      let node = nodes.get(labels.node);
      if (!node) {
        node = {
          name: labels.node,
          cpuCores: null,
          cpuCapacityCores: null,
          memoryBytes: null,
          memoryCapacityBytes: null,
        };
        nodes.set(labels.node, node);
      }
      node[column] = sum(node[column], value);
    }
    if (part !== 'podCpu' && part !== 'podMemory') continue;
    const { namespace = '', pod = '' } = labels;
    const name = workloadOf(namespace, pod);
    if (!name || !NAME.test(name)) continue;
    const key = `${namespace}/${name}`;
    let workload = workloads.get(key);
    if (!workload) {
      workload = {
        namespace,
        name,
        pods: 0,
        cpuCores: null,
        memoryBytes: null,
        seen: new Set(),
      };
      workloads.set(key, workload);
    }
    workload.seen.add(pod);
    if (part === 'podCpu') workload.cpuCores = sum(workload.cpuCores, value);
    else workload.memoryBytes = sum(workload.memoryBytes, value);
  }
  return {
    state: 'KNOWN',
    at,
    nodes: [...nodes.values()],
    workloads: [...workloads.values()].map(({ seen, ...workload }) => ({
      ...workload,
      pods: seen.size,
    })),
  };
}
