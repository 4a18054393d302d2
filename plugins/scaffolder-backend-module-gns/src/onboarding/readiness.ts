import type { GnsStatus, GlobalService } from '@isthmus/plugin-gns-common';

/** How far something is, with a sentence that says what is waited for. */
export interface Readiness {
  ready: boolean;
  message: string;
}

const waiting = (message: string): Readiness => ({ ready: false, message });

/** Where a service is expected to run. */
export interface ExpectedPlace {
  cluster: string;
  namespace?: string;
}

/**
 * Whether a service can be called from everywhere in its global namespace:
 * it runs in each expected place, its clusters serve it, and every cluster
 * that is heard has applied what it shall have.
 */
export function serviceReadiness(
  status: GnsStatus,
  service: string,
  expected: readonly ExpectedPlace[],
): Readiness {
  const found = status.globalServices.find(s => s.name === service);
  const places: ExpectedPlace[] =
    expected.length > 0
      ? [...expected]
      : (found?.endpoints ?? []).map(({ cluster }) => ({ cluster }));
  if (places.length === 0) {
    return waiting(
      `No member cluster has a Service "${service}" in a member namespace of ${status.name} yet. Deploy it.`,
    );
  }
  for (const place of places) {
    const state = placeReadiness(status, found, service, place);
    if (!state.ready) return state;
  }
  const error = found?.conditions.find(
    c => c.status !== 'True' && c.severity === 'error',
  );
  if (error) return waiting(error.message);
  return rolloutReadiness(status);
}

function placeReadiness(
  status: GnsStatus,
  found: GlobalService | undefined,
  service: string,
  { cluster, namespace }: ExpectedPlace,
): Readiness {
  const coverage = status.clusters.find(c => c.cluster === cluster);
  const endpoint = found?.endpoints.find(
    e =>
      e.cluster === cluster &&
      (namespace === undefined || e.namespace === namespace),
  );
  const where = namespace ? `${cluster}/${namespace}` : cluster;
  if (!endpoint) {
    const member = status.members.find(
      m => m.cluster === cluster && m.namespace === namespace,
    );
    if (member && member.state !== 'member') {
      return waiting(memberMessage(where, member.state));
    }
    return waiting(
      coverage && coverage.state !== 'ok'
        ? `The cluster ${cluster} is ${coverage.state}: what runs there is not known.`
        : `${where} has no Service "${service}" yet. Deploy it.`,
    );
  }
  if (endpoint.awaitingApproval) {
    return waiting(memberMessage(where, 'awaitingApproval'));
  }
  if (endpoint.ready === null) {
    return waiting(
      `The cluster ${cluster} is silent: whether "${service}" has ready pods is not known.`,
    );
  }
  if (endpoint.ready === 0) {
    return waiting(
      `"${service}" in ${where} has no ready pod with a sidecar (${
        endpoint.total ?? 'unknown'
      } pods in all).`,
    );
  }
  if (!endpoint.published) {
    return waiting(
      `${where} has not acknowledged yet that it serves "${service}".`,
    );
  }
  return { ready: true, message: `${where} serves "${service}".` };
}

function memberMessage(
  where: string,
  state: 'awaitingApproval' | 'refused' | 'conflict',
): string {
  switch (state) {
    case 'awaitingApproval':
      return `${where} waits for a person's approval, under Decisions in the portal.`;
    case 'refused':
      return `${where} was refused by a person, under Decisions in the portal.`;
    default:
      return `${where} belongs to another global namespace, or its services clash: see the conditions of the global namespace.`;
  }
}

/** Whether every cluster that is heard has applied what it shall have. */
export function rolloutReadiness(status: GnsStatus): Readiness {
  const silent = new Set(
    status.clusters.filter(c => c.state !== 'ok').map(c => c.cluster),
  );
  const behind = status.rollout.filter(
    r => !r.upToDate && !silent.has(r.cluster),
  );
  if (behind.length > 0) {
    return waiting(
      `Not applied everywhere yet: ${behind
        .map(r =>
          r.failed > 0
            ? `${r.cluster} (${r.failed} objects failed)`
            : r.cluster,
        )
        .join(', ')}.`,
    );
  }
  return {
    ready: true,
    message:
      silent.size > 0
        ? `Applied in every cluster that is heard; ${[...silent].join(
            ', ',
          )} will follow when heard again.`
        : 'Applied in every cluster.',
  };
}
