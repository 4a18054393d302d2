import type { Coverage, Health } from '@isthmus/plugin-gns-common';
import type { ComposedGlobalNamespace } from './types';

const ORDER: readonly Health[] = ['failing', 'degraded', 'unknown', 'healthy'];

/** The worst of several; of nothing, unknown: what nobody saw is not healthy. */
export function worst(healths: Iterable<Health>): Health {
  const all = new Set(healths);
  return ORDER.find(h => all.has(h)) ?? 'unknown';
}

/** Health of pods; `fresh` tells whether the cluster's word is current. */
export function healthOfPods(
  ready: number | null,
  total: number | null,
  fresh: boolean,
): Health {
  if (!fresh || ready === null || total === null) return 'unknown';
  if (ready === 0) return 'failing';
  return ready < total ? 'degraded' : 'healthy';
}

/**
 * Health of a global namespace: failing when a host has nobody to answer it,
 * degraded when a condition of weight is not True or one cluster has no ready pod, unknown when a member
 * cluster is silent or nothing is joined yet.
 */
export function healthOf(
  gns: ComposedGlobalNamespace,
  coverage: readonly Coverage[],
): Health {
  const healths: Health[] = [];
  const conditions = [
    ...gns.conditions,
    ...gns.services.flatMap(s => s.conditions),
  ];
  for (const condition of conditions) {
    if (condition.status === 'True' || condition.severity === 'info') continue;
    if (condition.type === 'HasMembers' || condition.status === 'Unknown') {
      healths.push('unknown');
    } else if (condition.type === 'HasEndpoints') {
      healths.push('failing');
    } else {
      healths.push('degraded');
    }
  }
  const idle = gns.services.some(s =>
    s.endpoints.some(
      e => !e.awaitingApproval && e.total > 0 && e.readyMtls === 0,
    ),
  );
  if (idle) healths.push('degraded');
  for (const { state } of coverage) if (state !== 'ok') healths.push('unknown');
  if (gns.services.length > 0) healths.push('healthy');
  return worst(healths);
}
