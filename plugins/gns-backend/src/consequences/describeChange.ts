import type {
  ChangeTotals,
  Coverage,
  GlobalNamespace,
  Statement,
} from '@isthmus/plugin-gns-common';
import {
  allConditions,
  memberKey,
  planChanges,
  type ClusterView,
  type ComposedMember,
  type CompositionResult,
  type PlannedChanges,
} from '../composition';
import { byNamespace } from '../composition/inventoryIndex';
import type { TrafficReading } from '../traffic/TrafficReader';
import { crossClusterShare, ratesOf, type HostRates } from './callRates';
import { reachOf, type HostReach } from './reach';
import { state } from './statementText';

/** Everything that the words about a change are made of. */
export interface ChangeView {
  readonly before: CompositionResult;
  readonly after: CompositionResult;
  /** Member keys that the write approves (rule 8). */
  readonly approvedByWrite: ReadonlySet<string>;
  /** Definitions by name. */
  readonly definitions: {
    readonly before: ReadonlyMap<string, GlobalNamespace>;
    readonly after: ReadonlyMap<string, GlobalNamespace>;
  };
  /** For the pods that have to be restarted. */
  readonly clusters: readonly ClusterView[];
  /** By global namespace; what is missing is not measured. */
  readonly traffic: ReadonlyMap<string, TrafficReading>;
  readonly coverage: readonly Coverage[];
  readonly paused: {
    readonly globalNamespaces: ReadonlySet<string>;
    /** By name. */
    readonly clusters: ReadonlySet<string>;
  };
  /** What a person may not read is not told. */
  readonly visible: (gns: string) => boolean;
}

export interface DescribedChange {
  readonly statements: Statement[];
  readonly totals: ChangeTotals;
  /** What the reader may see. */
  readonly changes: PlannedChanges;
  /** All of it, for the hash and for what is announced. */
  readonly all: PlannedChanges;
}

/** In the order in which they weigh. */
const WEIGHTS: readonly Statement['weight'][] = ['info', 'warning', 'danger'];

/** What a change means, statement by statement: who gains, who loses, what has to be done. Pure. */
export function describeChange(view: ChangeView): DescribedChange {
  const all = planChanges(view.before, view.after);
  const changes = visibleChanges(all, view);
  const [before, after] = [reachOf(view.before), reachOf(view.after)];
  const rates = ratesOf(view.traffic);
  const hosts = [...new Set([...before.keys(), ...after.keys()])].sort();
  const shown = hosts.filter(host => {
    const reach = after.get(host) ?? before.get(host);
    return reach !== undefined && view.visible(reach.gns);
  });
  const statements = [
    ...shown.flatMap(host =>
      hostStatements(before.get(host), after.get(host), rates),
    ),
    ...memberStatements(view),
    ...specStatements(view),
    ...shareStatements(view, before, after, changes),
    ...restartStatements(view, changes),
    ...conditionStatements(view),
    ...changes.clusters.flatMap(c => objectStatements(c)),
  ];
  const totals = totalsOf(statements, changes, before, after, shown);
  const concerned = new Set(changes.clusters.map(c => c.cluster));
  const remarks = remarkStatements(view, concerned);
  return {
    all,
    changes,
    totals,
    statements:
      statements.length === 0
        ? [state('nothingChanges', 'info', {}), ...remarks]
        : [...statements, ...remarks].sort(
            (a, b) => WEIGHTS.indexOf(b.weight) - WEIGHTS.indexOf(a.weight),
          ),
  };
}

function visibleChanges(
  all: PlannedChanges,
  { visible }: Pick<ChangeView, 'visible'>,
): PlannedChanges {
  const clusters = all.clusters
    .map(c => ({
      ...c,
      objects: c.objects.filter(o => visible(o.gns)),
      conditions: c.conditions.filter(o => !o.gns || visible(o.gns)),
    }))
    .filter(c => c.objects.length + c.conditions.length > 0);
  return { ...all, clusters };
}

function minus(a: Iterable<string>, b: { has(key: string): boolean }) {
  return [...a].filter(key => !b.has(key)).sort();
}

function hostStatements(
  before: HostReach | undefined,
  after: HostReach | undefined,
  rates: HostRates,
): Statement[] {
  const reach = after ?? before;
  if (!reach) return [];
  const { gns, host } = reach;
  const told: Statement[] = [];
  const none = new Map<string, string>();
  const joined = minus(
    (after?.servers ?? none).keys(),
    before?.servers ?? none,
  );
  const left = minus((before?.servers ?? none).keys(), after?.servers ?? none);
  if (after && !before) {
    told.push(
      state('serviceJoins', 'info', {
        gns,
        host,
        clusters: [...after.servers.keys()].sort(),
      }),
    );
    if (after.address !== undefined) {
      told.push(
        state('addressAssigned', 'info', { gns, host, address: after.address }),
      );
    }
  } else if (before && !after) {
    told.push(
      state('serviceLeaves', 'danger', {
        gns,
        host,
        clusters: [...before.servers.keys()].sort(),
        calls: rates.of(gns, host),
      }),
    );
  } else {
    for (const [kind, weight, clusters, side] of [
      ['endpointJoins', 'info', joined, after],
      ['endpointLeaves', 'warning', left, before],
    ] as const) {
      for (const cluster of clusters) {
        const place = side?.servers.get(cluster) ?? '';
        const namespace = place.slice(cluster.length + 1);
        told.push(state(kind, weight, { gns, host, cluster, namespace }));
      }
    }
  }
  const callers = { before: before?.callers, after: after?.callers };
  const gain = minus(callers.after ?? [], callers.before ?? new Set());
  if (gain.length > 0) {
    told.push(state('callersGain', 'info', { gns, host, callers: gain }));
  }
  const lose = minus(callers.before ?? [], callers.after ?? new Set());
  if (lose.length > 0) {
    // The host is there still, and others of its places can call it.
    const kind = after ? 'callersStranded' : 'callersLose';
    told.push(
      state(kind, 'danger', {
        gns,
        host,
        callers: lose,
        calls: rates.of(gns, host, lose),
      }),
    );
  }
  for (const cluster of minus(before?.local ?? [], after?.local ?? new Set())) {
    if (!after?.remote.has(cluster)) continue;
    told.push(
      state('callsGoAbroad', 'warning', {
        gns,
        host,
        cluster,
        calls: rates.ofCluster(gns, host, cluster),
      }),
    );
  }
  return told;
}

function membersIn(result: CompositionResult) {
  return new Map<
    string,
    { gns: string; cluster: string; namespace: string; member: ComposedMember }
  >(
    [...result.globalNamespaces.values()].flatMap(g =>
      g.members.map(m => {
        const cluster = result.clusters.get(m.cluster)?.name ?? m.cluster;
        const { namespace } = m;
        return [
          `${g.name} ${cluster} ${namespace}`,
          { gns: g.name, cluster, namespace, member: m },
        ] as const;
      }),
    ),
  );
}

function memberStatements(view: ChangeView): Statement[] {
  const [before, after] = [membersIn(view.before), membersIn(view.after)];
  const isIn = (of: typeof before, key: string) =>
    of.get(key)?.member.state === 'member';
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap(key => {
    const found = after.get(key) ?? before.get(key);
    if (!found || !view.visible(found.gns)) return [];
    const { gns, cluster, namespace } = found;
    const was = isIn(before, key);
    if (was === isIn(after, key)) return [];
    if (was) {
      return [state('namespaceLeaves', 'warning', { gns, cluster, namespace })];
    }
    const { services, cluster: id } = found.member;
    const approved = view.approvedByWrite.has(memberKey(gns, id, namespace));
    return [
      state('namespaceJoins', approved ? 'warning' : 'info', {
        gns,
        cluster,
        namespace,
        services,
        approvedByWrite: approved,
      }),
    ];
  });
}

function specStatements({ definitions, visible }: ChangeView): Statement[] {
  const told: Statement[] = [];
  for (const [gns, next] of definitions.after) {
    const old = definitions.before.get(gns);
    if (!old || !visible(gns)) continue;
    if (old.spec.mtls !== next.spec.mtls) {
      told.push(
        state('mtlsChanges', 'warning', {
          gns,
          before: old.spec.mtls,
          after: next.spec.mtls,
        }),
      );
    }
    if (old.spec.authority.mode !== next.spec.authority.mode) {
      told.push(
        state('authorityChanges', 'warning', {
          gns,
          before: old.spec.authority.mode,
          after: next.spec.authority.mode,
        }),
      );
    }
  }
  return told;
}

/** Global namespaces of which anything changes. */
function changedNames(changes: PlannedChanges): string[] {
  return [
    ...new Set(changes.clusters.flatMap(c => c.objects.map(o => o.gns))),
  ].sort();
}

function shareStatements(
  view: ChangeView,
  before: ReadonlyMap<string, HostReach>,
  after: ReadonlyMap<string, HostReach>,
  changes: PlannedChanges,
): Statement[] {
  return changedNames(changes).flatMap(gns => {
    if (!view.definitions.after.has(gns)) return [];
    const reading = view.traffic.get(gns);
    if (reading?.state !== 'known') {
      return [
        state('crossClusterShare', 'info', {
          gns,
          before: null,
          after: null,
          calls: null,
          why: reading?.why ?? 'notMeasured',
        }),
      ];
    }
    const now = crossClusterShare(reading.calls, before);
    const then = crossClusterShare(reading.calls, after);
    const calls = reading.calls.reduce((sum, c) => sum + c.callsPerSecond, 0);
    const more = (then ?? 0) - (now ?? 0) > 0.01;
    return [
      state('crossClusterShare', more ? 'warning' : 'info', {
        gns,
        before: now,
        after: then,
        calls,
        why: then === null ? 'notMeasured' : null,
      }),
    ];
  });
}

type PlannedObject = PlannedChanges['clusters'][number]['objects'][number];

/** Environment variables that a ProxyConfig gives to pods, by name. */
function environment(
  manifest: PlannedObject['after'],
): Record<string, unknown> {
  const spec = manifest?.spec as
    | { environmentVariables?: Record<string, unknown> }
    | undefined;
  return spec?.environmentVariables ?? {};
}

const DNS_CAPTURE = 'ISTIO_META_DNS_CAPTURE';

/** Proxies read these when they start, and never again. */
function restartStatements(
  { clusters }: ChangeView,
  changes: PlannedChanges,
): Statement[] {
  const views = new Map(clusters.map(c => [c.name, c]));
  return changes.clusters.flatMap(({ cluster, objects }) =>
    objects.flatMap(object => {
      const namespace = object.after?.metadata as
        | { namespace?: string }
        | undefined;
      if (!object.key.includes('/ProxyConfig/') || !namespace?.namespace) {
        return [];
      }
      const [old, next] = [
        environment(object.before),
        environment(object.after),
      ];
      const differs = Object.keys({ ...old, ...next }).filter(
        name => old[name] !== next[name],
      );
      if (differs.length === 0) return [];
      const all =
        byNamespace(views.get(cluster)?.inventory.workloads ?? []).get(
          namespace.namespace,
        ) ?? [];
      const running = all.filter(w => w.pods.total > 0);
      if (running.length === 0) return [];
      return [
        state('restartNeeded', 'warning', {
          gns: object.gns,
          cluster,
          namespace: namespace.namespace,
          workloads: running.map(w => `${w.kind}/${w.name}`),
          pods: running.reduce((sum, w) => sum + w.pods.total, 0),
          why: differs.includes(DNS_CAPTURE) ? 'dnsCapture' : 'identity',
        }),
      ];
    }),
  );
}

function conditionStatements(view: ChangeView): Statement[] {
  const textOf = (c: ReturnType<typeof allConditions>[number]) =>
    `${c.type} ${c.reason} ${c.gns} ${c.cluster} ${c.namespace} ${c.service} ${c.message}`;
  const [before, after] = [view.before, view.after].map(
    result =>
      new Map(
        allConditions(result)
          .filter(c => !c.gns || view.visible(c.gns))
          .map(c => [textOf(c), c]),
      ),
  );
  return [
    ...minus(after.keys(), before).map(key => {
      const condition = after.get(key)!;
      const weight = { error: 'danger', warning: 'warning', info: 'info' }[
        condition.severity
      ] as Statement['weight'];
      return state('conditionAppears', weight, { condition });
    }),
    ...minus(before.keys(), after).map(key =>
      state('conditionEnds', 'info', { condition: before.get(key)! }),
    ),
  ];
}

function objectStatements({
  cluster,
  objects,
}: PlannedChanges['clusters'][number]): Statement[] {
  if (objects.length === 0) return [];
  const of = (change: PlannedObject['change']) =>
    objects.filter(o => o.change === change).length;
  return [
    state('objectsChange', 'info', {
      cluster,
      create: of('create'),
      update: of('update'),
      delete: of('delete'),
    }),
  ];
}

/** What makes the rest less certain, or keeps it from happening. */
function remarkStatements(
  view: ChangeView,
  concerned: ReadonlySet<string>,
): Statement[] {
  return [
    ...view.coverage
      .filter(c => c.state !== 'ok' && concerned.has(c.cluster))
      .map(c =>
        state('clusterSilent', 'warning', {
          cluster: c.cluster,
          state: c.state,
          dataAt: c.dataAt ?? null,
        }),
      ),
    ...[...view.paused.clusters]
      .filter(cluster => concerned.has(cluster))
      .sort()
      .map(cluster => state('paused', 'warning', { gns: null, cluster })),
    ...[...view.paused.globalNamespaces]
      .filter(gns => view.visible(gns) && isWritten(view, gns))
      .sort()
      .map(gns => state('paused', 'warning', { gns, cluster: null })),
  ];
}

function isWritten({ definitions }: ChangeView, gns: string): boolean {
  return definitions.before.get(gns) !== definitions.after.get(gns);
}

function totalsOf(
  statements: readonly Statement[],
  changes: PlannedChanges,
  before: ReadonlyMap<string, HostReach>,
  after: ReadonlyMap<string, HostReach>,
  hosts: readonly string[],
): ChangeTotals {
  const gain = new Set<string>();
  const lose = new Set<string>();
  for (const host of hosts) {
    const [was, is] = [before.get(host)?.callers, after.get(host)?.callers];
    for (const caller of is ?? []) if (!was?.has(caller)) gain.add(caller);
    for (const caller of was ?? []) if (!is?.has(caller)) lose.add(caller);
  }
  const of = (kind: Statement['kind']) =>
    statements.filter(s => s.kind === kind).length;
  const objects = changes.clusters.flatMap(c => c.objects);
  const changed = (change: PlannedObject['change']) =>
    objects.filter(o => o.change === change).length;
  const shares = statements.flatMap(s =>
    s.kind === 'crossClusterShare' ? [s.parameters] : [],
  );
  const calls = shares.reduce((sum, s) => sum + (s.calls ?? 0), 0);
  return {
    servicesJoin: of('serviceJoins'),
    servicesLeave: of('serviceLeaves'),
    callersGain: gain.size,
    callersLose: lose.size,
    podsToRestart: statements.reduce(
      (sum, s) => sum + (s.kind === 'restartNeeded' ? s.parameters.pods : 0),
      0,
    ),
    objectsCreate: changed('create'),
    objectsUpdate: changed('update'),
    objectsDelete: changed('delete'),
    crossClusterShare:
      calls > 0 && shares.every(s => s.after !== null)
        ? shares.reduce((sum, s) => sum + (s.after ?? 0) * (s.calls ?? 0), 0) /
          calls
        : null,
  };
}
