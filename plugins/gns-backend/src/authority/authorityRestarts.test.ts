import { parseDefinition } from '@isthmus/plugin-gns-common';
import type { ClusterView } from '../composition/types';
import { authorityRestarts } from './authorityRestarts';

function shop(authority: object) {
  const parsed = parseDefinition({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name: 'shop' },
    spec: {
      domain: 'shop.gns.internal',
      members: [{ namespaces: { names: ['web', 'mesh-less'] } }],
      authority,
    },
  });
  if (!parsed.ok) throw new Error('bad test');
  return parsed.definition;
}

const workload = (namespace: string, name: string, total = 2) =>
  ({ namespace, name, pods: { total } } as never);

const cluster = {
  id: '1',
  name: 'eu-1',
  labels: {},
  leaving: false,
  reachability: [],
  inventory: {
    namespaces: [
      { name: 'web', labels: {}, injection: 'sidecar' },
      { name: 'mesh-less', labels: {}, injection: 'ambient' },
      { name: 'other', labels: {}, injection: 'sidecar' },
    ],
    services: [],
    workloads: [
      workload('web', 'front'),
      workload('web', 'stopped', 0),
      workload('mesh-less', 'api'),
      workload('other', 'api'),
    ],
    gateways: [],
  },
} as unknown as ClusterView;

const stored = (authority: object) => [
  { definition: shop(authority) as never, generation: 1, createdOrder: 1 },
];

describe('a change of the authority', () => {
  it('names the workloads that have to restart, and no others', () => {
    const [problem] = authorityRestarts(
      [shop({ mode: 'dedicated' })],
      stored({ mode: 'mesh' }),
      [cluster],
    );
    expect(problem).toMatchObject({
      severity: 'warning',
      path: 'spec.authority.mode',
    });
    expect(problem.message).toContain(
      '1 workloads have to restart once to join the authority: eu-1/web/front.',
    );
    expect(problem.remedy).toContain('kubectl rollout restart');
  });

  it('says so on the way back, and who restarts them', () => {
    const [problem] = authorityRestarts(
      [shop({ mode: 'mesh', restart: 'rolling' })],
      stored({ mode: 'dedicated' }),
      [cluster],
    );
    expect(problem.message).toContain('leave the authority');
    expect(problem.remedy).toContain('The controllers restart them');
  });

  it('says nothing where the authority stays', () => {
    for (const mode of ['mesh', 'dedicated']) {
      expect(
        authorityRestarts([shop({ mode })], stored({ mode }), [cluster]),
      ).toEqual([]);
    }
  });
});
