import {
  statementSchema,
  totalsSchema,
  type StatementKind,
  type StatementOf,
} from '@isthmus/plugin-gns-common';
import { compose } from '../composition';
import {
  clusterOf,
  gnsOf,
  inputOf,
  servedBy,
} from '../composition/testFixtures';
import type {
  CompositionInput,
  ClusterView,
  VersionedGlobalNamespace,
} from '../composition/types';
import type { TrafficReading } from '../traffic/TrafficReader';
import { describeChange, type ChangeView } from './describeChange';
import { headline } from './headline';

const member = (cluster: string, namespace: string) => ({
  clusters: { names: [cluster] },
  namespaces: { names: [namespace] },
});
const eu = clusterOf('eu', 1, ['web/front', 'web/stock']);
const us = clusterOf('us', 2, ['depot/stock']);
const shop = (...members: unknown[]) => gnsOf('shop', { members });

/** Composed as it is once everything is applied. */
function settled(
  definitions: readonly VersionedGlobalNamespace[],
  clusters: readonly ClusterView[],
  more: Partial<CompositionInput> = {},
) {
  const first = compose(inputOf(definitions, clusters, more));
  return compose(
    inputOf(definitions, clusters, { ...more, served: servedBy(first) }),
  );
}

function described(
  before: readonly VersionedGlobalNamespace[],
  after: readonly VersionedGlobalNamespace[],
  more: Partial<ChangeView> & { clusters?: readonly ClusterView[] } = {},
) {
  const clusters = more.clusters ?? [eu, us];
  const byName = (list: readonly VersionedGlobalNamespace[]) =>
    new Map(list.map(d => [d.definition.metadata.name, d.definition]));
  return describeChange({
    before: settled(before, clusters),
    after: settled(after, clusters),
    approvedByWrite: new Set(),
    definitions: { before: byName(before), after: byName(after) },
    clusters,
    traffic: new Map(),
    coverage: [],
    paused: { globalNamespaces: new Set(), clusters: new Set() },
    visible: () => true,
    ...more,
  });
}

function of<K extends StatementKind>(
  { statements }: ReturnType<typeof described>,
  kind: K,
): StatementOf<K>['parameters'][] {
  return statements.flatMap(s =>
    s.kind === kind ? [s.parameters as StatementOf<K>['parameters']] : [],
  );
}

const traffic = (
  calls: [host: string, cluster: string, namespace: string, rate: number][],
): ReadonlyMap<string, TrafficReading> =>
  new Map([
    [
      'shop',
      {
        state: 'known',
        dataAt: '2026-11-01T10:00:00.000Z',
        calls: calls.map(([host, cluster, namespace, callsPerSecond]) => ({
          host: `${host}.shop.gns.example`,
          cluster,
          namespace,
          callsPerSecond,
        })),
      },
    ],
  ]);

describe('describeChange', () => {
  it('says who joins, who can call it, and which pods have to restart', () => {
    const told = described(
      [],
      [shop(member('eu', 'web'), member('us', 'depot'))],
    );
    expect(of(told, 'serviceJoins').map(p => [p.host, p.clusters])).toEqual([
      ['front.shop.gns.example', ['eu']],
      ['stock.shop.gns.example', ['eu', 'us']],
    ]);
    expect(of(told, 'callersGain').map(p => [p.host, p.callers])).toEqual([
      ['front.shop.gns.example', ['eu/web', 'us/depot']],
      ['stock.shop.gns.example', ['eu/web', 'us/depot']],
    ]);
    expect(of(told, 'restartNeeded')).toMatchObject([
      { cluster: 'eu', namespace: 'web', pods: 4, why: 'dnsCapture' },
      { cluster: 'us', namespace: 'depot', pods: 2, why: 'dnsCapture' },
    ]);
    expect(told.totals).toMatchObject({
      servicesJoin: 2,
      servicesLeave: 0,
      callersGain: 2,
      callersLose: 0,
      podsToRestart: 6,
    });
    expect(headline(told.totals)).toBe(
      '2 services join; 2 callers gain a host; 6 pods to restart.',
    );
    told.statements.forEach(s => statementSchema.parse(s));
    totalsSchema.parse(told.totals);
  });

  it('says who loses a host, and that a host is still there for others', () => {
    const told = described(
      [shop(member('eu', 'web'), member('us', 'depot'))],
      [shop(member('us', 'depot'))],
    );
    expect(of(told, 'serviceLeaves')).toMatchObject([
      { host: 'front.shop.gns.example', calls: null },
    ]);
    expect(of(told, 'endpointLeaves')).toMatchObject([
      { host: 'stock.shop.gns.example', cluster: 'eu', namespace: 'web' },
    ]);
    expect(of(told, 'callersLose').map(p => [p.host, p.callers])).toEqual([
      ['front.shop.gns.example', ['eu/web', 'us/depot']],
    ]);
    expect(of(told, 'callersStranded').map(p => [p.host, p.callers])).toEqual([
      ['stock.shop.gns.example', ['eu/web']],
    ]);
    expect(of(told, 'namespaceLeaves')).toEqual([
      { gns: 'shop', cluster: 'eu', namespace: 'web' },
    ]);
    expect(told.totals).toMatchObject({ servicesLeave: 1, callersLose: 2 });
    expect(told.statements[0].weight).toBe('danger');
    expect(told.statements.find(s => s.kind === 'serviceLeaves')?.text).toBe(
      'front.shop.gns.example leaves shop: nobody can call it by this name any more (how often they call it is not known).',
    );
  });

  it('reckons the share of calls that would cross clusters, local first', () => {
    const both = shop(member('eu', 'web'), member('us', 'depot'));
    const only = gnsOf('shop', {
      members: [
        {
          ...member('eu', 'web'),
          services: { names: ['front'] },
        },
        member('us', 'depot'),
      ],
    });
    const told = described([both], [only], {
      traffic: traffic([
        ['stock', 'eu', 'web', 6],
        ['stock', 'us', 'depot', 2],
        ['front', 'eu', 'web', 2],
      ]),
    });
    expect(of(told, 'crossClusterShare')).toEqual([
      { gns: 'shop', before: 0, after: 0.6, calls: 10, why: null },
    ]);
    expect(of(told, 'callsGoAbroad')).toEqual([
      {
        gns: 'shop',
        host: 'stock.shop.gns.example',
        cluster: 'eu',
        calls: 6,
      },
    ]);
    expect(told.totals.crossClusterShare).toBeCloseTo(0.6);
    expect(headline(told.totals)).toContain('60 % of calls would cross');
  });

  it('says that the share is unknown where nobody measured: never zero', () => {
    const change = [
      [shop(member('eu', 'web'))],
      [shop(member('eu', 'web'), member('us', 'depot'))],
    ] as const;
    expect(of(described(...change), 'crossClusterShare')).toEqual([
      {
        gns: 'shop',
        before: null,
        after: null,
        calls: null,
        why: 'notMeasured',
      },
    ]);
    const stale = described(...change, {
      traffic: new Map([['shop', { state: 'unknown', why: 'stale' }]]),
    });
    expect(of(stale, 'crossClusterShare')[0]).toMatchObject({ why: 'stale' });
    expect(stale.totals.crossClusterShare).toBeNull();
    const idle = described(...change, { traffic: traffic([]) });
    expect(of(idle, 'crossClusterShare')[0]).toMatchObject({
      before: null,
      after: null,
      calls: 0,
    });
  });

  it('marks members that only the write approves', () => {
    const before = [shop(member('eu', 'web'))];
    const after = [
      gnsOf('shop', {
        members: [member('eu', 'web'), { namespaces: { prefix: 'depot' } }],
      }),
    ];
    const told = described(before, after, {
      approvedByWrite: new Set(['shop/id-us/depot']),
    });
    expect(of(told, 'namespaceJoins')).toMatchObject([
      { cluster: 'us', namespace: 'depot', approvedByWrite: true },
    ]);
  });

  it('names silent and paused clusters of those that are concerned', () => {
    const told = described([], [shop(member('us', 'depot'))], {
      coverage: [
        { cluster: 'eu', state: 'unreachable', simulated: false },
        { cluster: 'us', state: 'unreachable', simulated: false },
      ],
      paused: {
        globalNamespaces: new Set(['shop']),
        clusters: new Set(['us']),
      },
    });
    expect(of(told, 'clusterSilent')).toEqual([
      { cluster: 'us', state: 'unreachable', dataAt: null },
    ]);
    expect(of(told, 'paused')).toEqual([
      { gns: null, cluster: 'us' },
      { gns: 'shop', cluster: null },
    ]);
  });

  it('tells nothing of what the reader may not read', () => {
    const told = described([], [shop(member('eu', 'web'))], {
      visible: () => false,
    });
    expect(told.statements.map(s => s.kind)).toEqual(['nothingChanges']);
    expect(told.totals).toMatchObject({ servicesJoin: 0, objectsCreate: 0 });
    expect(told.all.clusters).not.toEqual([]);
  });

  it('says so when nothing changes, and when mTLS does', () => {
    const same = [shop(member('eu', 'web'))];
    expect(described(same, same).statements).toMatchObject([
      { kind: 'nothingChanges' },
    ]);
    const open = gnsOf('shop', {
      members: [member('eu', 'web')],
      mtls: 'permissive',
    });
    const told = described(same, [open]);
    expect(of(told, 'mtlsChanges')).toEqual([
      { gns: 'shop', before: 'strict', after: 'permissive' },
    ]);
    expect(of(told, 'conditionAppears')).toMatchObject([
      { condition: { reason: 'PermissiveMtls' } },
    ]);
  });
});
