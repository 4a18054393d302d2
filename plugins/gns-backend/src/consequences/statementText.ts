import type { Statement, StatementKind } from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';

type Parameters<K extends StatementKind> = Extract<
  Statement,
  { kind: K }
>['parameters'];

type Texts = { [K in StatementKind]: (p: Parameters<K>) => string };

/** `1 pod`, `3 pods`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `40 %`, `0.4 %`: never a share of something as nothing. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return `${Math.max(0.1, value).toFixed(1)} %`;
  return `${Math.round(value)} %`;
}

function perSecond(calls: number | null): string {
  if (calls === null) return 'how often they call it is not known';
  const shown = calls >= 10 ? Math.round(calls) : Number(calls.toFixed(1));
  return `they send it ${shown} calls per second`;
}

const WHY_UNKNOWN: Record<string, string> = {
  notMeasured: 'no traffic is measured',
  stale: 'the last measurement is too old',
  partial: 'not all clusters report their traffic',
};

const TEXTS: Texts = {
  serviceJoins: p =>
    `${p.host} becomes reachable in ${p.gns}; it is served in ${listNames(
      p.clusters,
    )}.`,
  serviceLeaves: p =>
    `${p.host} leaves ${
      p.gns
    }: nobody can call it by this name any more (${perSecond(p.calls)}).`,
  endpointJoins: p =>
    `${p.host} is served in ${p.namespace} of ${p.cluster} too.`,
  endpointLeaves: p =>
    `${p.host} is no longer served in ${p.namespace} of ${p.cluster}.`,
  namespaceJoins: p =>
    `${p.namespace} of ${p.cluster} joins ${p.gns} with ${count(
      p.services,
      'service',
    )}.${
      p.approvedByWrite
        ? ' A matcher chose it; writing the definition approves it.'
        : ''
    }`,
  namespaceLeaves: p =>
    `${p.namespace} of ${p.cluster} leaves ${p.gns}: it serves and calls nothing of it any more.`,
  callersGain: p => `${listNames(p.callers)} can call ${p.host}.`,
  callersLose: p =>
    `${listNames(p.callers)} can no longer call ${p.host} (${perSecond(
      p.calls,
    )}).`,
  callersStranded: p =>
    `${listNames(p.callers)} stay in ${
      p.gns
    }, but no cluster that they reach serves ${p.host} any more (${perSecond(
      p.calls,
    )}).`,
  callsGoAbroad: p =>
    `Callers in ${p.cluster} lose their own server of ${
      p.host
    }: their calls go to other clusters (${perSecond(p.calls)}).`,
  crossClusterShare: p =>
    p.after === null
      ? `Which share of the calls in ${
          p.gns
        } would cross clusters is not known: ${
          WHY_UNKNOWN[p.why ?? ''] ?? 'no traffic is measured'
        }.`
      : `${percent(p.after)} of the calls in ${p.gns} would cross clusters${
          p.before === null ? '' : ` (now ${percent(p.before)})`
        }.`,
  addressAssigned: p => `${p.host} gets the address ${p.address}.`,
  restartNeeded: p =>
    `${count(p.pods, 'pod')} of ${p.namespace} in ${p.cluster} (${listNames(
      p.workloads,
    )}) have to be restarted ${
      p.why === 'dnsCapture'
        ? 'before they resolve the global names'
        : 'before they get their new certificates'
    }.`,
  mtlsChanges: p =>
    p.after === 'strict'
      ? `${p.gns} refuses calls in plain text from now on.`
      : `${p.gns} accepts calls in plain text from now on, and cannot tell members from others.`,
  authorityChanges: p =>
    `The identities of ${p.gns} come from ${p.after}, no longer from ${p.before}.`,
  conditionAppears: p => p.condition.message,
  conditionEnds: p => `No longer: ${p.condition.message}`,
  objectsChange: p =>
    `${p.cluster}: ${[
      p.create > 0 && `${p.create} created`,
      p.update > 0 && `${p.update} changed`,
      p.delete > 0 && `${p.delete} deleted`,
    ]
      .filter(Boolean)
      .join(', ')}.`,
  clusterSilent: p =>
    p.dataAt === null
      ? `${p.cluster} never reported: what it has is not known.`
      : `${p.cluster} is ${p.state}: what is said about it rests on its report of ${p.dataAt}.`,
  paused: p =>
    `${
      p.cluster === null ? p.gns : p.cluster
    } is paused: nothing of this happens there until it is resumed.`,
  notAdmittedYet: p =>
    `${listNames(p.callers)} are not admitted by ${listNames(
      p.by,
    )} until their wave: calls there are refused.`,
  drained: p =>
    `${
      p.cluster
    } is offered to no other cluster; its own callers keep its ${count(
      p.hosts.length,
      'host',
    )}.`,
  frozen: p =>
    `${p.cluster} no longer hears of changes of ${listNames(
      p.globalNamespaces,
    )}: new endpoints, moved gateways and withdrawn rights do not reach it.`,
  emptied: p =>
    `All ${count(p.objects, 'object')} of ours in ${p.cluster} are deleted.`,
  nothingChanges: () => 'Nothing changes for anybody.',
};

/** A statement with its sentence. */
export function state<K extends StatementKind>(
  kind: K,
  weight: Statement['weight'],
  parameters: Parameters<K>,
): Statement {
  return {
    kind,
    weight,
    parameters,
    text: TEXTS[kind](parameters),
  } as Statement;
}
