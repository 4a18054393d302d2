import type { Series } from '../prometheus/Prometheus';
import { PART } from '../promql/queries';
import { readResources } from './resources';

const AT = 1_000_020;
const sample = (part: string, value: number, labels = {}): Series => ({
  labels: { [PART]: part, ...labels },
  times: [AT],
  values: [value],
});
const pod = (name: string) => ({ namespace: 'web', pod: name });

it('sums pods by workload, and tells what is not known', () => {
  expect(
    readResources(
      [
        sample('podCpu', 0.25, pod('front-1')),
        sample('podCpu', 0.5, pod('front-2')),
        sample('podMemory', 100, pod('front-1')),
        sample('podCpu', 9, pod('stranger-1')),
        sample('podCpu', NaN, pod('front-3')),
        sample('nodeCpu', 1.5, { node: 'n1' }),
        sample('nodeCpuCapacity', 4, { node: 'n1' }),
        sample('nodeMemory', 5, {}),
        sample('scraped', 3, { isthmus_namespace: 'web' }),
      ],
      AT,
      (_namespace, name) => (name.startsWith('front') ? 'front' : undefined),
    ),
  ).toEqual({
    state: 'KNOWN',
    at: AT,
    nodes: [
      {
        name: 'n1',
        cpuCores: 1.5,
        cpuCapacityCores: 4,
        memoryBytes: null,
        memoryCapacityBytes: null,
      },
    ],
    workloads: [
      {
        namespace: 'web',
        name: 'front',
        pods: 2,
        cpuCores: 0.75,
        memoryBytes: 100,
      },
    ],
  });
});
