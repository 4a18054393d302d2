import { InputError } from '@backstage/errors';
import {
  matches,
  parseDefinition,
  type Definition,
  type GlobalNamespace,
  type GlobalNamespaceMember,
  type GlobalNamespaceSpec,
} from '@isthmus/plugin-gns-common';

/** The Kubernetes Service that is to become a global service. */
export interface Newcomer {
  clusters: readonly string[];
  namespace: string;
  service: string;
}

/**
 * The stored definition with the newcomer among its members, in an entry of
 * exact names. Clusters where an entry chooses it already are left alone: where
 * that entry asks for an approval, adding a name must not go round it.
 *
 * @returns `definition` is absent where the newcomer is a member everywhere
 * @throws InputError when the stored document cannot be read
 */
export function withMember(
  stored: unknown,
  newcomer: Newcomer,
): { spec: GlobalNamespaceSpec; definition?: Definition } {
  const parsed = parseDefinition(stored);
  if (!parsed.ok) {
    throw new InputError(
      `The stored definition cannot be read: ${parsed.problems[0]?.message}`,
    );
  }
  // Its kind's schema parsed it.
  const { spec } = parsed.definition as unknown as GlobalNamespace;
  const missing = newcomer.clusters.filter(
    cluster => !spec.members.some(member => chooses(member, cluster, newcomer)),
  );
  if (missing.length === 0) return { spec };
  const entry = {
    clusters: { names: missing },
    namespaces: { names: [newcomer.namespace] },
    services: { names: [newcomer.service] },
  };
  return {
    spec,
    definition: {
      ...parsed.definition,
      spec: { ...spec, members: [...spec.members, entry] },
    },
  };
}

/** Whether an entry chooses it by names and prefixes; what labels choose is known to the hub alone. */
function chooses(
  member: GlobalNamespaceMember,
  cluster: string,
  newcomer: Newcomer,
): boolean {
  return (
    matches(member.clusters, { name: cluster }) &&
    matches(member.namespaces, { name: newcomer.namespace }) &&
    matches(member.services, { name: newcomer.service })
  );
}
