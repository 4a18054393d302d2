import type { LabelMatcher } from '../prometheus/promql/parse';
import type { SeriesStore, StoredSeries } from '../prometheus/promql/evaluate';
import { lot, Rhythm } from './rhythm';
import { ScrapedSeries } from './ScrapedSeries';

/** A pod as far as its resources are concerned. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly containers: readonly string[];
}

interface Options {
  readonly pods: () => readonly RunningPod[];
  readonly nodes: () => readonly string[];
  /** Unix seconds. */
  readonly now: () => number;
}

const MIB = 1024 * 1024;

function seriesOf(
  { now }: Options,
  labels: Record<string, string>,
  value: (time: number) => number,
): ScrapedSeries {
  const seed = JSON.stringify(labels);
  return new ScrapedSeries(
    labels,
    Math.floor(lot(seed) * 14) + 0.5,
    now,
    value,
  );
}

/** One series for each container, then one for each node. */
function usage(
  name: string,
  options: Options,
  of: (seed: string, scale: number) => (time: number) => number,
): StoredSeries[] {
  const containers = options.pods().flatMap(pod =>
    pod.containers.map(container => {
      const { namespace, node } = pod;
      const labels = {
        __name__: name,
        job: 'kubelet',
        namespace,
        node,
        pod: pod.name,
        container,
      };
      return seriesOf(options, labels, of(`${pod.name}/${container}`, 1));
    }),
  );
  const nodes = options.nodes().map(node => {
    const pods = options.pods().filter(pod => pod.node === node).length;
    const labels = { __name__: name, job: 'kubelet', node, id: '/' };
    return seriesOf(options, labels, of(node, pods + 3));
  });
  return [...containers, ...nodes];
}

const MAKERS: Readonly<Record<string, (options: Options) => StoredSeries[]>> = {
  container_cpu_usage_seconds_total: options =>
    usage('container_cpu_usage_seconds_total', options, (seed, scale) => {
      const rhythm = new Rhythm(seed, 0);
      const cores = scale * (0.04 + 0.12 * lot(`${seed} cores`));
      return time => cores * rhythm.sumTo(time);
    }),
  container_memory_working_set_bytes: options =>
    usage('container_memory_working_set_bytes', options, (seed, scale) => {
      const rhythm = new Rhythm(`${seed} memory`, 0);
      const bytes = scale * MIB * (60 + 90 * lot(`${seed} bytes`));
      return time => Math.floor(bytes * (0.9 + 0.1 * rhythm.at(time)));
    }),
  kube_node_status_capacity: options =>
    options.nodes().flatMap(node =>
      [
        ['cpu', 4],
        ['memory', 16 * 1024 * MIB],
      ].map(([resource, value]) =>
        seriesOf(
          options,
          {
            __name__: 'kube_node_status_capacity',
            job: 'kube-state-metrics',
            node,
            resource: String(resource),
          },
          () => Number(value),
        ),
      ),
    ),
};

/** CPU and memory of the pods and nodes that there are now, as the kubelets and kube-state-metrics tell them. */
export class ResourceSeries implements SeriesStore {
  constructor(private readonly options: Options) {}

  select(matchers: readonly LabelMatcher[]): readonly StoredSeries[] {
    const name = matchers.find(m => m.label === '__name__')?.equals ?? '';
    const make = MAKERS[name];
    if (!make) return [];
    return make(this.options).filter(({ labels }) =>
      matchers.every(m => m.matches(labels[m.label] ?? '')),
    );
  }
}
