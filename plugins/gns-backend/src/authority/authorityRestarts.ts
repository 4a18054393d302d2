import {
  formatRef,
  matchingMembers,
  refOf,
  type Definition,
  type GlobalNamespace,
  type Problem,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';
import type {
  ClusterView,
  VersionedGlobalNamespace,
} from '../composition/types';

/** Workloads with pods in the sidecar namespaces that a definition chooses, `<cluster>/<namespace>/<workload>`. */
function workloadsOf(
  { spec }: GlobalNamespace,
  clusters: readonly ClusterView[],
): string[] {
  return clusters.flatMap(cluster => {
    const chosen = new Set(
      cluster.leaving || cluster.observed
        ? []
        : cluster.inventory.namespaces
            .filter(n => n.injection !== 'ambient')
            .filter(n => matchingMembers(spec, cluster, n).length > 0)
            .map(n => n.name),
    );
    return cluster.inventory.workloads
      .filter(w => chosen.has(w.namespace) && w.pods.total > 0)
      .map(w => `${cluster.name}/${w.namespace}/${w.name}`);
  });
}

/**
 * Tells who changes to or from an authority which workloads have to restart:
 * pods take the set-up of their certificates when they start. Pure.
 */
export function authorityRestarts(
  definitions: readonly Definition[],
  before: readonly VersionedGlobalNamespace[],
  clusters: readonly ClusterView[],
): Problem[] {
  return definitions.flatMap((definition): Problem[] => {
    if (definition.kind !== 'GlobalNamespace') return [];
    // Its kind's schema parsed it.
    const next = definition as unknown as GlobalNamespace;
    const { mode, restart } = next.spec.authority;
    const was =
      before.find(d => d.definition.metadata.name === definition.metadata.name)
        ?.definition.spec.authority.mode ?? 'mesh';
    const workloads = mode === was ? [] : workloadsOf(next, clusters);
    if (workloads.length === 0) return [];
    const joins = mode === 'dedicated';
    return [
      {
        severity: 'warning',
        code: 'authority-restarts',
        path: 'spec.authority.mode',
        message: `${workloads.length} workloads have to restart once to ${
          joins ? 'join' : 'leave'
        } the authority: ${listNames(
          workloads,
        )}. No call between members is lost meanwhile.${
          joins
            ? ' Callers that are no members are refused in the end; the authority waits until they are given up.'
            : ''
        }`,
        remedy:
          restart === 'rolling'
            ? 'The controllers restart them, one at a time.'
            : 'Restart them when it suits you (kubectl rollout restart), or set authority.restart: rolling.',
        definition: formatRef(refOf(definition)),
      },
    ];
  });
}
