import type { Condition } from '@isthmus/plugin-gns-common';
import { by } from './order';
import type { ComposedGlobalNamespace, ComposedService } from './types';

/** What became of one variant of a global namespace. */
export interface ComposedVariant {
  readonly composed: ComposedGlobalNamespace;
  readonly isInForce: (clusterId: string) => boolean;
}

/**
 * A global namespace as it is while two definitions of it are in force: each
 * cluster's members and endpoints are those of the definition that holds
 * there. `last` is the one that will hold everywhere, and has the word on
 * everything that concerns no single cluster.
 */
export function mergeVariants(
  first: ComposedVariant,
  last: ComposedVariant,
  clusterIds: ReadonlyMap<string, string>,
): ComposedGlobalNamespace {
  const holds = (condition: Condition, { isInForce }: ComposedVariant) => {
    if (condition.cluster === undefined) return undefined;
    const id = clusterIds.get(condition.cluster);
    return id !== undefined && isInForce(id);
  };
  const conditions = (
    a: readonly Condition[] | undefined,
    b: readonly Condition[] | undefined,
    ofAll: 'first' | 'last',
  ) => [
    ...(a ?? []).filter(c => holds(c, first) ?? ofAll === 'first'),
    ...(b ?? []).filter(c => holds(c, last) ?? ofAll === 'last'),
  ];
  const services = (of: ComposedVariant) =>
    new Map(of.composed.services.map(s => [s.name, s]));
  const [before, after] = [services(first), services(last)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return {
    name: last.composed.name,
    domain: last.composed.domain,
    members: [first, last]
      .flatMap(v => v.composed.members.filter(m => v.isInForce(m.cluster)))
      .sort(by(m => `${m.cluster} ${m.namespace}`)),
    services: names.flatMap((name): ComposedService[] => {
      const [a, b] = [before.get(name), after.get(name)];
      const own = a?.endpoints.filter(e => first.isInForce(e.cluster)) ?? [];
      const next = b?.endpoints.filter(e => last.isInForce(e.cluster)) ?? [];
      // The definition that somebody serves it by says what it is.
      const base = next.length > 0 ? b : a;
      if (!base || own.length + next.length === 0) return [];
      return [
        {
          ...base,
          endpoints: [...own, ...next].sort(by(e => e.cluster)),
          conditions: conditions(
            a?.conditions,
            b?.conditions,
            base === b ? 'last' : 'first',
          ),
        },
      ];
    }),
    conditions: conditions(
      first.composed.conditions,
      last.composed.conditions,
      'last',
    ),
  };
}
