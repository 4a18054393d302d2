import {
  AuthoritySettings,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';
import { PodRecord } from '../../inventory/readPod';
import { Held } from '../journal/IssuedRecords';

type NamespaceSettings = AuthoritySettings['namespaces'][number];

/** Most groups that one workload is reported with. */
const MAX_GROUPS = 64;

/**
 * Whether a pod waits for a restart: it was set up for another CA than its
 * next start would be, or it started before the time that the hub names.
 */
export function awaitsRestart(
  pod: PodRecord,
  { phase, restartStartedBefore }: NamespaceSettings,
): boolean {
  if (!pod.running || !pod.template.sidecar) return false;
  if (pod.template.ourCa !== (phase !== 'release')) return true;
  return (
    restartStartedBefore !== undefined &&
    pod.startedAt < Date.parse(restartStartedBefore)
  );
}

/** Let go, and started since: it has the set-up of the mesh, and is no business of ours any more. */
function isFree(pod: PodRecord, namespace: NamespaceSettings): boolean {
  return (
    namespace.phase === 'release' &&
    !pod.template.ourCa &&
    !awaitsRestart(pod, namespace)
  );
}

/**
 * What the pods of the member namespaces hold, by workload. Each running pod
 * with a sidecar that was not let go is counted once: it waits for a restart, or nothing is known
 * of it, or it is in the group of what it was given last. Pure.
 */
export function workloadIdentities(input: {
  gns: string;
  namespaces: readonly NamespaceSettings[];
  podsOf(namespace: string): Iterable<PodRecord>;
  heldBy(podUid: string): Held | undefined;
  isRestarting(workload: {
    namespace: string;
    kind: string;
    name: string;
  }): boolean;
}): WorkloadIdentity[] {
  return input.namespaces
    .flatMap(namespace => {
      const byWorkload = new Map<string, PodRecord[]>();
      for (const pod of input.podsOf(namespace.name)) {
        if (!pod.running || !pod.template.sidecar) continue;
        if (isFree(pod, namespace)) continue;
        const { kind, name } = pod.template.workload;
        const key = `${kind}/${name}`;
        const pods = byWorkload.get(key);
        if (pods) pods.push(pod);
        else byWorkload.set(key, [pod]);
      }
      return [...byWorkload.values()].map(pods =>
        count(pods, namespace, input),
      );
    })
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function count(
  pods: readonly PodRecord[],
  namespace: NamespaceSettings,
  input: Parameters<typeof workloadIdentities>[0],
): WorkloadIdentity {
  const { kind, name } = pods[0].template.workload;
  const workload = { namespace: namespace.name, kind, name };
  let awaitingRestart = 0;
  let unknown = 0;
  const groups = new Map<string, WorkloadIdentity['held'][number]>();
  for (const pod of pods) {
    const held = input.heldBy(pod.uid);
    if (awaitsRestart(pod, namespace)) awaitingRestart += 1;
    else if (!pod.template.ourCa || held?.gns !== input.gns) unknown += 1;
    else {
      const group = groupOf(held);
      const key = JSON.stringify(group);
      const known = groups.get(key);
      if (known) known.pods += 1;
      else if (groups.size < MAX_GROUPS) groups.set(key, { ...group, pods: 1 });
      else unknown += 1;
    }
  }
  return {
    ...workload,
    pods: pods.length,
    awaitingRestart,
    unknown,
    restarting: input.isRestarting(workload),
    held: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, g]) => g),
  };
}

function groupOf(held: Held) {
  return {
    phase: held.phase,
    bundleEpoch: held.bundleEpoch,
    leafRoot: held.rootKeyId ?? ('mesh' as const),
  };
}

function sortKey(w: WorkloadIdentity): string {
  return `${w.namespace}/${w.kind}/${w.name}`;
}
