import { createHash } from 'node:crypto';
import {
  conditionKey,
  type Condition,
  type Coverage,
} from '@isthmus/plugin-gns-common';
import { by } from '../composition/order';
import { listNames } from '../composition/statement';
import type { HoldRecord } from '../delivery/HoldStore';
import { stopText } from '../rollouts/decideStep';
import type { RolloutRecord } from '../rollouts/types';
import type { Notice } from './Notice';

/** What owners are told of, and after how long. */
export interface NoticeLimits {
  /** Entity references of who runs the clusters. */
  readonly platformOwners: readonly string[];
  /** Milliseconds. */
  readonly silentAfterMs: number;
  readonly conditionAfterMs: number;
}

export const DEFAULT_NOTICE_LIMITS: NoticeLimits = {
  platformOwners: [],
  silentAfterMs: 5 * 60_000,
  conditionAfterMs: 15 * 60_000,
};

/** Everything that notices are made of. */
export interface NoticeView {
  readonly limits: NoticeLimits;
  readonly globalNamespaces: readonly {
    readonly name: string;
    readonly owner: string | undefined;
    /** Names of clusters in which it has members. */
    readonly clusters: ReadonlySet<string>;
    /** Those that are not True. */
    readonly conditions: readonly Condition[];
  }[];
  /** Of clusters that enrolled, with whether they are paused or leave. */
  readonly clusters: readonly {
    readonly id: string;
    readonly coverage: Coverage;
  }[];
  /** Conditions of authorities that are not True. */
  readonly authorities: readonly {
    readonly gns: string;
    readonly conditions: readonly Condition[];
  }[];
  readonly holds: readonly HoldRecord[];
  readonly rollouts: readonly RolloutRecord[];
}

const TOPIC = 'Global namespaces';

function distinct(refs: readonly (string | undefined)[]): string[] {
  return [
    ...new Set(refs.flatMap(ref => (ref ? [ref.toLowerCase()] : []))),
  ].sort();
}

/** All that owners should know now. Pure. */
export function noticesOf(view: NoticeView): Notice[] {
  const ownerOf = new Map(view.globalNamespaces.map(g => [g.name, g.owner]));
  return [
    ...silentClusters(view),
    ...stayingConditions(view),
    ...waitingDecisions(view, ownerOf),
    ...stoppedRollouts(view, ownerOf),
    ...endingAuthorities(view, ownerOf),
  ].sort(by(n => n.scope));
}

function silentClusters({
  clusters,
  limits,
  globalNamespaces,
}: NoticeView): Notice[] {
  return clusters.flatMap(({ id, coverage }): Notice[] => {
    const { cluster, state, dataAt } = coverage;
    if (state === 'ok' || state === 'stale') return [];
    const concerned = globalNamespaces.filter(g => g.clusters.has(cluster));
    return [
      {
        scope: `cluster-silent:${id}`,
        owners: distinct([
          ...limits.platformOwners,
          ...concerned.map(g => g.owner),
        ]),
        afterMs: limits.silentAfterMs,
        severity: 'high',
        topic: TOPIC,
        title: `The cluster ${cluster} is silent`,
        description: `${
          dataAt
            ? `Its last report is of ${dataAt}.`
            : 'It never reported since it joined.'
        } What it has goes on working; changes do not reach it.${
          concerned.length > 0
            ? ` Global namespaces there: ${listNames(
                concerned.map(g => g.name),
              )}.`
            : ''
        }`,
        link: `/gns/clusters`,
      },
    ];
  });
}

/** One notice per global namespace, cluster and kind of condition: a hundred objects that fail alike are told of once. */
function stayingConditions({ globalNamespaces, limits }: NoticeView): Notice[] {
  return globalNamespaces.flatMap(({ name, owner, conditions }) => {
    const groups = new Map<string, Condition[]>();
    for (const condition of conditions) {
      if (condition.severity !== 'error') continue;
      const { type, reason, cluster = '' } = condition;
      const key = JSON.stringify([name, type, reason, cluster]);
      groups.set(key, [...(groups.get(key) ?? []), condition]);
    }
    return [...groups].map(([key, group]): Notice => {
      const [first] = [...group].sort(by(conditionKey));
      return {
        scope: `condition:${createHash('sha256')
          .update(key)
          .digest('hex')
          .slice(0, 32)}`,
        owners: distinct([owner, ...(owner ? [] : limits.platformOwners)]),
        afterMs: limits.conditionAfterMs,
        severity: 'high',
        topic: TOPIC,
        title: `${name}: ${first.reason}${
          first.cluster ? ` in ${first.cluster}` : ''
        }${group.length > 1 ? ` (${group.length} times)` : ''}`,
        description: first.message.slice(0, 1000),
        link: `/gns/${name}`,
      };
    });
  });
}

const DECISIONS: Record<HoldRecord['kind'], string> = {
  deletion: 'A deletion waits for a decision',
  inventoryLoss: 'Lost endpoints wait for a decision',
  newcomer: 'A newcomer waits for a decision',
  restoredHub: 'The hub is read-only until somebody decides',
};

function waitingDecisions(
  { holds, limits, globalNamespaces }: NoticeView,
  ownerOf: ReadonlyMap<string, string | undefined>,
): Notice[] {
  return holds
    .filter(h => h.state === 'open')
    .map((hold): Notice => {
      const concerned = hold.gns
        ? [ownerOf.get(hold.gns)]
        : globalNamespaces
            .filter(g => g.clusters.has(hold.clusterName ?? ''))
            .map(g => g.owner);
      return {
        scope: `hold:${hold.id}`,
        owners: distinct([...limits.platformOwners, ...concerned]),
        afterMs: 0,
        severity: hold.kind === 'restoredHub' ? 'critical' : 'high',
        topic: TOPIC,
        title: `${DECISIONS[hold.kind]}${
          hold.clusterName ? ` (${hold.clusterName})` : ''
        }`,
        description: hold.message.slice(0, 1000),
        link: '/gns/decisions',
      };
    });
}

const ENDINGS: Record<string, (gns: string, cluster: string) => string> = {
  AuthorityReady: gns => `The authority of ${gns} cannot sign`,
  RootLife: gns => `The root of ${gns} nears its end`,
  IssuerLife: (gns, cluster) =>
    `The issuer of ${gns} in ${cluster} was not renewed`,
};

/** Before anything ends for good: what cannot sign, what nears its end, what was not renewed. */
function endingAuthorities(
  { authorities, limits }: NoticeView,
  ownerOf: ReadonlyMap<string, string | undefined>,
): Notice[] {
  return authorities.flatMap(({ gns, conditions }) =>
    conditions.flatMap((condition): Notice[] => {
      const { type, severity, cluster = '', message } = condition;
      const title = ENDINGS[type]?.(gns, cluster);
      if (title === undefined) return [];
      const stopsSigning = type === 'AuthorityReady';
      const owner = ownerOf.get(gns);
      return [
        {
          scope: `authority:${gns}:${type}${cluster ? `:${cluster}` : ''}`,
          // Keys are of whoever runs the portal; clusters of whoever runs those.
          owners: distinct([
            owner,
            ...(owner && type === 'RootLife' ? [] : limits.platformOwners),
          ]),
          // A restart of the portal is no reason to wake anybody.
          afterMs: stopsSigning ? limits.silentAfterMs : 0,
          severity: severity === 'error' ? 'critical' : 'high',
          topic: TOPIC,
          title,
          description: message.slice(0, 1000),
          link: `/gns/${gns}/identity`,
        },
      ];
    }),
  );
}

function stoppedRollouts(
  { rollouts, limits }: NoticeView,
  ownerOf: ReadonlyMap<string, string | undefined>,
): Notice[] {
  return rollouts.flatMap((rollout): Notice[] => {
    if (rollout.state !== 'stopped' || !rollout.stop) return [];
    const owner = ownerOf.get(rollout.gns);
    const person = rollout.createdBy.startsWith('user:')
      ? rollout.createdBy
      : undefined;
    return [
      {
        scope: `rollout:${rollout.id}`,
        owners: distinct([
          person,
          owner,
          ...(person || owner ? [] : limits.platformOwners),
        ]),
        afterMs: 0,
        severity: 'high',
        topic: TOPIC,
        title: `The rollout of ${rollout.gns} stopped in wave ${
          rollout.wave + 1
        } of ${rollout.waves.length}`,
        description: stopText(rollout.stop.reason).slice(0, 1000),
        link: `/gns/${rollout.gns}`,
      },
    ];
  });
}
