import { Directory } from '../Directory';
import type { Reading } from './readResources';
import { resourcesOf } from './resourcesOf';

const NOW = Date.parse('2026-02-28T12:00:00Z') / 1000;
const composed = {
  name: 'shop',
  members: [
    { cluster: 'id-eu', namespace: 'web', state: 'member' },
    { cluster: 'id-us', namespace: 'web', state: 'member' },
    { cluster: 'id-us', namespace: 'guest', state: 'awaitingApproval' },
  ],
  services: [
    {
      name: 'front',
      host: 'front.shop.gns.internal',
      endpoints: ['id-eu', 'id-us'].map(cluster => ({
        cluster,
        namespace: 'web',
        service: 'front',
        workloads: ['front'],
      })),
    },
  ],
};
const directory = new Directory({
  globalNamespaces: [composed] as never,
  clusters: [
    { id: 'id-eu', name: 'eu-1' },
    { id: 'id-us', name: 'us-1' },
  ],
  istioIds: new Map(),
  version: '1',
});

const node = (name: string, cpuCores: number | null) => ({
  name,
  cpuCores,
  cpuCapacityCores: 4,
  memoryBytes: 1000,
  memoryCapacityBytes: 8000,
});
const workload = (
  namespace: string,
  name: string,
  cpuCores: number | null,
) => ({
  namespace,
  name,
  pods: 2,
  cpuCores,
  memoryBytes: 100,
});
const reading = (
  cluster: string,
  ago: number,
  over: Partial<Reading> = {},
): Reading => ({
  cluster,
  at: NOW - ago,
  reason: undefined,
  known: {
    nodes: [node('n1', 1), node('n2', 0.5)],
    workloads: [
      workload('web', 'front', 0.25),
      workload('web', 'job', 0.5),
      workload('guest', 'front', 9),
    ],
  },
  ...over,
});

const answer = (
  readings: Reading[],
  over: { showNodes?: boolean; range?: number } = {},
) =>
  resourcesOf({
    gns: 'shop',
    directory,
    simulated: new Set(),
    readings,
    services: directory.servicesOfGns('shop'),
    now: NOW,
    range: 3600,
    showNodes: true,
    ...over,
  });

describe('resourcesOf', () => {
  it('tells what clusters have, what members use, and what services use', () => {
    const { clusters, services } = answer([
      reading('id-eu', 60),
      reading('id-us', 60),
    ]);
    expect(clusters).toMatchObject([
      {
        cluster: 'eu-1',
        state: 'ok',
        dataAt: '2026-02-28T11:59:00.000Z',
        total: {
          nodes: 2,
          unknownNodes: 0,
          cpuCores: 1.5,
          cpuCapacityCores: 8,
          memoryBytes: 2000,
        },
        nodes: [{ name: 'n1' }, { name: 'n2' }],
        members: { pods: 4, cpuCores: 0.75, memoryBytes: 200 },
        workloads: [
          { name: 'front', services: ['front'] },
          { name: 'job', services: [] },
        ],
      },
      { cluster: 'us-1', state: 'ok', members: { pods: 4 } },
    ]);
    expect(services).toMatchObject([
      {
        service: 'front',
        pods: 4,
        cpuCores: 0.5,
        memoryBytes: 200,
        unknownClusters: [],
        clusters: [{ cluster: 'eu-1' }, { cluster: 'us-1' }],
      },
    ]);
  });

  it('never says zero of a cluster that is silent', () => {
    const { clusters, services, history } = answer([reading('id-eu', 60)]);
    expect(clusters[1]).toMatchObject({
      cluster: 'us-1',
      state: 'unreachable',
      reason: expect.stringContaining('told nothing'),
      total: null,
      nodes: null,
      members: null,
      workloads: null,
    });
    expect(services[0]).toMatchObject({
      pods: 2,
      cpuCores: 0.25,
      unknownClusters: ['us-1'],
      clusters: [{ pods: 2 }, { pods: null, cpuCores: null }],
    });
    expect(history.clusters[1].cpuCores.every(v => v === null)).toBe(true);
    expect(answer([]).services[0]).toMatchObject({
      pods: null,
      cpuCores: null,
      memoryBytes: null,
      unknownClusters: ['eu-1', 'us-1'],
    });
  });

  it('stands by the last word for a while, then knows no more', () => {
    const stale = answer([
      reading('id-eu', 700),
      reading('id-eu', 100, { known: undefined, reason: 'timeout' }),
    ]).clusters[0];
    expect(stale).toMatchObject({
      state: 'timeout',
      reason: 'timeout',
      total: { cpuCores: 1.5 },
    });
    const old = answer([reading('id-eu', 1800)]).clusters[0];
    expect(old).toMatchObject({
      state: 'stale',
      dataAt: '2026-02-28T11:30:00.000Z',
      total: null,
      members: null,
    });
  });

  it('sums what is known of nodes, and counts the others', () => {
    const [{ total }] = answer([
      reading('id-eu', 60, {
        known: { nodes: [node('n1', null), node('n2', 2)], workloads: [] },
      }),
    ]).clusters;
    expect(total).toMatchObject({ nodes: 2, unknownNodes: 1, cpuCores: 2 });
    const [{ total: none, members }] = answer([
      reading('id-eu', 60, {
        known: { nodes: [node('n1', null)], workloads: [] },
      }),
    ]).clusters;
    expect(none).toMatchObject({ unknownNodes: 1, cpuCores: null });
    // It told of all workloads, and there are none: that is zero.
    expect(members).toEqual({ pods: 0, cpuCores: 0, memoryBytes: 0 });
  });

  it('shows nodes only to who may see them', () => {
    const [cluster] = answer([reading('id-eu', 60)], {
      showNodes: false,
    }).clusters;
    expect(cluster).toMatchObject({ nodes: null, total: { nodes: 2 } });
  });

  it.each([
    [3600, 300, 12],
    [86_400, 900, 96],
    [604_800, 3600, 168],
  ])('draws %s s in steps of %s s', (range, step, points) => {
    const { history } = answer(
      [reading('id-eu', 0), reading('id-eu', range - 1)],
      { range },
    );
    expect(history.stepSeconds).toBe(step);
    expect(history.times).toHaveLength(points);
    const [{ cpuCores, memberCpuCores }] = history.clusters;
    expect(cpuCores.at(-1)).toBe(1.5);
    expect(memberCpuCores.at(-1)).toBe(0.75);
    expect(cpuCores[0]).toBe(1.5);
    expect(cpuCores.slice(1, -1).every(v => v === null)).toBe(true);
  });
});
