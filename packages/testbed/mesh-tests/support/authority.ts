import type { GnsAuthority } from '@isthmus/plugin-gns-common';
import { eventually, type Cluster } from '../../src';
import type { Hub } from './Hub';

/** Life of a short leaf: the agent asks again after half of it. */
export const LEAF_SECONDS = 24;

/** Labels of pods with short leaves, see {@link shortLeaves}. */
export const SHORT_LEAVES = { leaf: 'short' };

/** Gives the pods of a namespace that are labelled for it certificates that live for seconds. */
export async function shortLeaves(
  cluster: Cluster,
  namespace: string,
): Promise<void> {
  await cluster.kube.apply({
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    metadata: { name: 'short-leaves', namespace },
    spec: {
      selector: { matchLabels: SHORT_LEAVES },
      environmentVariables: { SECRET_TTL: `${LEAF_SECONDS}s` },
    },
  });
}

export function authorityOf(hub: Hub, gns: string): Promise<GnsAuthority> {
  return hub.ask('GET', `/global-namespaces/${gns}/authority`);
}

/** Waits until something holds of the authority of a global namespace. */
export function untilAuthority(
  hub: Hub,
  gns: string,
  what: string,
  holds: (authority: GnsAuthority) => boolean,
  timeoutMs = 180_000,
): Promise<GnsAuthority> {
  return eventually(
    async () => {
      const now = await authorityOf(hub, gns);
      if (holds(now)) return now;
      throw new Error(
        JSON.stringify({
          availability: now.availability,
          transition: now.transition,
          proof: now.rotation.proof,
          roots: now.roots.map(r => [r.keyId.slice(0, 8), r.state]),
        }).slice(0, 3000),
      );
    },
    { what, timeoutMs, intervalMs: 500 },
  );
}
