import {
  INVENTORY_KINDS,
  type Check,
  type Connection,
  type ObjectStatus,
  type StageName,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';
import { checksOf, conditionOf } from './checks';
import type { ConnectionFacts } from './types';

type Stuck = NonNullable<Connection['stuck']>;

/** Before this, nobody wonders why nothing happened. */
const PATIENCE_MS = 60_000;
/** To paste a command takes a person longer. */
const TOKEN_PATIENCE_MS = 10 * 60_000;

/** What a cluster never comes to that the hub reads itself: there is no controller, and nothing is applied. */
const CONTROLLER_STAGES: ReadonlySet<StageName> = new Set([
  'tokenShown',
  'enrolled',
  'applied',
  'reachable',
]);

interface Step {
  readonly stage: StageName;
  readonly done: boolean;
  readonly at?: string;
  readonly text: string;
}

/** How far a cluster is connected, what was checked, and why it does not go on. Pure. */
export function connectionOf(facts: ConnectionFacts): Connection {
  const checks = checksOf(facts);
  const steps = stepsOf(facts, checks).filter(
    s => !facts.cluster.observed || !CONTROLLER_STAGES.has(s.stage),
  );
  const first = steps.findIndex(s => !s.done);
  const stuck = stuckOf(facts, checks);
  return {
    cluster: facts.cluster.name,
    ready: first < 0,
    stages: steps.map(({ stage, at, text }, index) => ({
      stage,
      state: stateOf(index, first, stuck !== undefined),
      ...(at !== undefined && (first < 0 || index < first) ? { at } : {}),
      text,
    })),
    ...(stuck && first >= 0 ? { stuck } : {}),
    checks,
    ...(isOpen(facts) ? { tokenExpiresAt: facts.token!.expiresAt } : {}),
  };
}

function stateOf(index: number, first: number, stuck: boolean) {
  if (first < 0 || index < first) return 'done' as const;
  if (index > first) return 'waiting' as const;
  return stuck ? ('stuck' as const) : ('active' as const);
}

function isOpen({ token, now }: ConnectionFacts): boolean {
  return (
    token !== undefined &&
    token.usedAt === undefined &&
    Date.parse(token.expiresAt) > now
  );
}

function stepsOf(facts: ConnectionFacts, checks: readonly Check[]): Step[] {
  const { cluster, observed, inventory, token, coverage } = facts;
  const enrolled = cluster.state !== 'waiting';
  const unseen = INVENTORY_KINDS.filter(
    kind => (inventory?.marks[kind] ?? 'never') === 'never',
  );
  const reportedAt = observed?.lastReportAt;
  const failed = checks.filter(
    c => c.state === 'failed' && c.check !== 'gatewayReachable',
  );
  const reached = checks.find(c => c.check === 'gatewayReachable');
  const applied = appliedStep(facts);
  const at = (time: string | undefined) =>
    time === undefined ? {} : { at: time };
  return [
    {
      stage: 'registered',
      done: true,
      ...at(cluster.createdAt),
      text: `${cluster.name} is known to the hub.`,
    },
    {
      stage: 'tokenShown',
      done: enrolled || isOpen(facts),
      ...at(token?.createdAt),
      text: tokenText(facts, enrolled),
    },
    {
      stage: 'enrolled',
      done: enrolled,
      ...at(token?.usedAt),
      text: enrolled
        ? 'A controller used the token, and the hub knows its key.'
        : 'No controller has used the token yet.',
    },
    {
      stage: 'inventory',
      done: reportedAt !== undefined && unseen.length === 0,
      ...at(reportedAt),
      text:
        unseen.length === 0
          ? inventoryText(facts)
          : `Not reported yet: ${listNames(unseen)}.`,
    },
    {
      stage: 'checks',
      done: failed.length === 0,
      ...at(reportedAt),
      text:
        failed.length === 0
          ? 'Nothing stands in the way.'
          : failed.map(c => c.evidence).join(' '),
    },
    applied,
    {
      stage: 'reachable',
      done: reached?.state !== 'failed' && reached?.state !== 'unknown',
      ...at(reportedAt),
      text: reached?.evidence ?? '',
    },
    {
      stage: 'ready',
      done: coverage.state === 'ok' && !isPaused(facts),
      ...at(reportedAt),
      text: readyText(facts),
    },
  ];
}

function tokenText(facts: ConnectionFacts, enrolled: boolean): string {
  if (enrolled) return 'A join token was made.';
  return isOpen(facts)
    ? `A join token waits to be used until ${facts.token?.expiresAt}.`
    : 'There is no join token that is good.';
}

function inventoryText({ cluster }: ConnectionFacts): string {
  return cluster.observed
    ? 'The hub reads what the cluster has.'
    : 'The controller reports what the cluster has.';
}

function readyText(facts: ConnectionFacts): string {
  if (facts.cluster.observed) {
    return facts.coverage.state === 'ok'
      ? 'It is observed.'
      : 'The hub does not reach it.';
  }
  if (facts.coverage.state !== 'ok') return 'The controller is silent.';
  return isPaused(facts) ? 'It is paused.' : 'It takes part.';
}

function appliedText(
  done: boolean,
  bad: readonly ObjectStatus[],
  progress: string,
): string {
  if (done) return 'It has applied all that it was told.';
  const [first] = bad;
  return first
    ? `${bad.length} objects could not be applied: ${first.key}: ${
        first.message ?? first.state
      }`
    : progress;
}

function isPaused({ cluster, observed }: ConnectionFacts): boolean {
  return cluster.paused || (observed?.pausedLocally.includes('*') ?? false);
}

/** Objects that the cluster could not apply. */
function troubled({ observed }: ConnectionFacts) {
  return (observed?.objectStates ?? []).filter(o => o.state !== 'paused');
}

function appliedStep(facts: ConnectionFacts): Step {
  const { cluster, observed, term } = facts;
  const wanted = cluster.desiredN;
  const applied =
    observed?.appliedEpoch.term === term ? observed.appliedEpoch.n : 0;
  const bad = troubled(facts);
  // Nothing was ever wanted of it: it is in no global namespace yet.
  const done = bad.length === 0 && (wanted === 0 || applied >= wanted);
  return {
    stage: 'applied',
    done,
    ...(observed?.lastReportAt ? { at: observed.lastReportAt } : {}),
    text: appliedText(done, bad, `It has applied ${applied} of ${wanted}.`),
  };
}

/** Why it does not go on; undefined: it does, or has not had the time. */
function stuckOf(
  facts: ConnectionFacts,
  checks: readonly Check[],
): Stuck | undefined {
  if (facts.cluster.observed) {
    return outOfReach(facts) ?? afterReports(facts, checks);
  }
  return beforeReports(facts) ?? silence(facts) ?? afterReports(facts, checks);
}

/** The hub does not get through to a cluster that it reads itself. */
function outOfReach(facts: ConnectionFacts): Stuck | undefined {
  const { coverage, observed, cluster, now } = facts;
  const last = observed?.lastReportAt;
  const since = last ?? cluster.createdAt;
  if (last === undefined) {
    if (now - Date.parse(since) < PATIENCE_MS) return undefined;
  } else if (coverage.state === 'ok') return undefined;
  return {
    reason: 'silent',
    since,
    text:
      last === undefined
        ? 'The hub has not been able to read it yet.'
        : `The hub has not been able to read it since ${last}.`,
    remedy: `Check its address and credentials in app-config (gns.observedClusters, ${cluster.name}); the hub's log says what it was answered.`,
  };
}

const again = (name: string) =>
  `Make a new join token (POST clusters/${name}/token), and install the controller with it.`;

function beforeReports(facts: ConnectionFacts): Stuck | undefined {
  const { cluster, token, now, observed } = facts;
  if (cluster.state === 'waiting') {
    if (token && isOpen(facts)) {
      return now - Date.parse(token.createdAt) < TOKEN_PATIENCE_MS
        ? undefined
        : {
            reason: 'tokenWaiting',
            since: token.createdAt,
            text: `Nobody has used the join token since it was made. Either the command was not run, or the controller does not reach the hub.`,
            remedy: `Run the command in the cluster. If it was, look at the log: kubectl -n isthmus-system logs deployment/isthmus-controller.`,
          };
    }
    const since = token?.expiresAt ?? cluster.createdAt;
    return {
      reason: 'tokenExpiredUnused',
      since,
      text: `The join token ran out at ${since} before a controller used it.`,
      remedy: again(cluster.name),
    };
  }
  if (observed?.lastReportAt !== undefined) return undefined;
  const since = token?.usedAt ?? cluster.createdAt;
  const refused = refusal(facts);
  if (refused) return refused;
  if (now - Date.parse(since) < PATIENCE_MS) return undefined;
  return {
    reason: 'enrolledNeverReported',
    since,
    text: 'A controller enrolled, and was not heard of again.',
    remedy:
      'Look at it: kubectl -n isthmus-system get pods, and its log. Most often it restarts, or a proxy between it and the hub cuts larger requests.',
  };
}

/** The hub refused its newest request, after its last report. */
function refusal({ cluster, observed }: ConnectionFacts): Stuck | undefined {
  const { lastUnauthorizedAt: since, lastUnauthorizedWhy: why, name } = cluster;
  if (!since || since <= (observed?.lastReportAt ?? '')) return undefined;
  return why === 'clock'
    ? {
        reason: 'clockOff',
        since,
        text: `The hub refuses its requests: they are signed by the right key, at a time that differs by more than five minutes.`,
        remedy: 'Set the clock of the nodes by NTP.',
      }
    : {
        reason: 'refused',
        since,
        text: `The hub refuses its requests: they are signed by another key than the one that it enrolled with.`,
        remedy: again(name),
      };
}

function silence(facts: ConnectionFacts): Stuck | undefined {
  const { coverage, observed, cluster } = facts;
  if (cluster.state === 'waiting' || coverage.state === 'ok') return undefined;
  const since = observed?.lastReportAt;
  if (since === undefined) return undefined;
  return (
    refusal(facts) ?? {
      reason: 'silent',
      since,
      text: `It has not reported since ${since}.`,
      remedy:
        'Check that the controller runs (kubectl -n isthmus-system get pods) and reaches the hub. What it applied goes on meanwhile.',
    }
  );
}

function afterReports(
  facts: ConnectionFacts,
  checks: readonly Check[],
): Stuck | undefined {
  const { observed, cluster, pausedAt } = facts;
  const last = observed?.lastReportAt;
  if (cluster.state === 'waiting' || last === undefined) return undefined;
  const failed = checks.filter(c => c.state === 'failed');
  const of = (check: Check['check'], reason?: string) =>
    failed.find(
      c => c.check === check && (reason === undefined || c.reason === reason),
    );
  const because = (
    reason: Stuck['reason'],
    check: Check,
    since = last,
  ): Stuck => ({
    reason,
    since,
    text: check.evidence,
    remedy: check.remedy,
  });
  const unread = of('permissions', 'cannotRead');
  if (unread) {
    return because(
      'cannotRead',
      unread,
      conditionOf(facts, 'InventoryComplete')?.lastTransitionTime,
    );
  }
  const clock = of('clock');
  if (clock) return because('clockOff', clock);
  const [other] = failed.filter(
    c => c.check !== 'gatewayReachable' && c.check !== 'permissions',
  );
  if (other) return because('checkFailed', other);
  if (isPaused(facts)) {
    return {
      reason: 'paused',
      since: pausedAt ?? last,
      text: 'It is paused: nothing in it changes until it is resumed.',
      remedy: cluster.paused
        ? `Resume it (POST clusters/${cluster.name}/resume).`
        : 'Take the annotation gns.isthmus.dev/paused from the namespace isthmus-system and the Deployment in it.',
    };
  }
  const [bad] = troubled(facts);
  if (bad) {
    return {
      reason: 'cannotApply',
      since: last,
      text: `${bad.key}: ${bad.message ?? bad.state}`.slice(0, 1000),
      remedy:
        of('permissions')?.remedy ??
        'Mend what the message names; the controller tries again by itself.',
    };
  }
  const unreachable = of('gatewayReachable');
  return unreachable && because('unreachable', unreachable);
}
