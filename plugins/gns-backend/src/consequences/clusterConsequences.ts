import {
  canonicalJson,
  type ClusterAction,
  type Consequences,
  type Statement,
} from '@isthmus/plugin-gns-common';
import type { ClusterView, CompositionResult } from '../composition';
import { listNames } from '../composition/statement';
import { distinctLosses, lossesOf } from '../plans/losses';
import { planHash } from '../plans/planHash';
import type { RememberedPlan } from '../plans/PlanStore';
import { describeChange, type ChangeView } from './describeChange';
import { headline } from './headline';
import { reachOf } from './reach';
import { state } from './statementText';

/** How an action is called where confirmations are kept. */
export function actionSubject(action: ClusterAction, cluster: string): string {
  return `${action}:cluster:${cluster}`;
}

/** What the action makes of the cluster, for composition. */
export function afterAction(
  action: ClusterAction,
  cluster: string,
): (view: ClusterView) => ClusterView {
  return view => {
    if (view.name !== cluster) return view;
    switch (action) {
      case 'drain':
        return { ...view, drained: true };
      case 'undrain':
        return { ...view, drained: false };
      case 'disconnect':
        return { ...view, leaving: true };
      default:
        return view;
    }
  };
}

/** What a cluster has, against what it would be told when it is resumed. */
export interface Backlog {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

export interface ClusterChange {
  readonly action: ClusterAction;
  readonly cluster: { readonly id: string; readonly name: string };
  readonly before: CompositionResult;
  readonly after: CompositionResult;
  /** All but the two compositions. */
  readonly view: Omit<ChangeView, 'before' | 'after' | 'approvedByWrite'>;
  /** Objects of ours that the cluster has, by global namespace. */
  readonly objects: ReadonlyMap<string, number>;
  readonly backlog: Backlog;
}

/** What an action on a cluster would cost, and what a confirmation lets pass. Pure. */
export function clusterConsequences(change: ClusterChange): {
  consequences: Consequences;
  remembered: RememberedPlan;
} {
  const { action, cluster, before, after, view } = change;
  const described = describeChange({
    ...view,
    before,
    after,
    approvedByWrite: new Set(),
  });
  const own = ownStatements(change);
  const told = described.statements.filter(s => s.kind !== 'nothingChanges');
  const statements = [...own, ...told];
  const losses = distinctLosses(
    lossesOf(described.all, { clusters: [...view.clusters] }),
  );
  const subject = actionSubject(action, cluster.name);
  const document = canonicalJson({ action, cluster: cluster.id });
  const hash = planHash({ definitions: [document], deletions: [], losses });
  return {
    remembered: { hash, documents: new Map([[subject, document]]), losses },
    consequences: {
      cluster: cluster.name,
      action,
      hash,
      totals: described.totals,
      statements:
        statements.length > 0
          ? statements
          : [state('nothingChanges', 'info', {})],
      text: textOf(change, own, told, headline(described.totals)),
    },
  };
}

/** What only an action on a cluster does. */
function ownStatements(change: ClusterChange): Statement[] {
  const { action, cluster, before, view, objects, backlog } = change;
  const visible = [...objects].filter(([gns]) => view.visible(gns));
  switch (action) {
    case 'drain': {
      const hosts = offeredBy(before, cluster.name, view.visible);
      return hosts.length === 0
        ? []
        : [state('drained', 'warning', { cluster: cluster.name, hosts })];
    }
    case 'pause':
      return visible.length === 0
        ? []
        : [
            state('frozen', 'warning', {
              cluster: cluster.name,
              globalNamespaces: visible.map(([gns]) => gns).sort(),
            }),
          ];
    case 'resume':
      return backlog.create + backlog.update + backlog.delete === 0
        ? []
        : [
            state('objectsChange', backlog.delete > 0 ? 'warning' : 'info', {
              cluster: cluster.name,
              ...backlog,
            }),
          ];
    case 'disconnect': {
      const count = [...objects.values()].reduce((sum, n) => sum + n, 0);
      return count === 0
        ? []
        : [
            state('emptied', 'warning', {
              cluster: cluster.name,
              objects: count,
            }),
          ];
    }
    default:
      return [];
  }
}

/** Hosts that other clusters are sent to this one for. */
function offeredBy(
  result: CompositionResult,
  cluster: string,
  visible: (gns: string) => boolean,
): string[] {
  return [...reachOf(result).values()]
    .filter(
      r =>
        visible(r.gns) &&
        result.globalNamespaces
          .get(r.gns)
          ?.services.find(s => s.host === r.host)
          ?.endpoints.some(
            e =>
              e.published && result.clusters.get(e.cluster)?.name === cluster,
          ),
    )
    .map(r => r.host)
    .sort();
}

/** The whole in one sentence: the hardest first. */
function textOf(
  { action, cluster }: ClusterChange,
  own: readonly Statement[],
  told: readonly Statement[],
  head: string,
): string {
  const hosts = (kind: 'callersStranded' | 'serviceLeaves') => [
    ...new Set(told.flatMap(s => (s.kind === kind ? [s.parameters.host] : []))),
  ];
  const lost = [...hosts('serviceLeaves'), ...hosts('callersStranded')];
  if (lost.length > 0) {
    return `${listNames(lost)} ${
      lost.length === 1 ? 'loses its' : 'lose their'
    } last endpoint for some callers. ${head}`;
  }
  if (own.length > 0) return own[0].text;
  return told.length > 0
    ? head
    : `Nothing changes for anybody when you ${action} ${cluster.name}.`;
}
