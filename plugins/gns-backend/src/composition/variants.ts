import { by } from './order';
import type { CompositionInput, VersionedGlobalNamespace } from './types';

/**
 * One definition of a global namespace, and where it is in force. While a
 * change reaches clusters one after the other, a global namespace has two: each
 * is composed as if it held everywhere, and gives its objects to its own
 * clusters. What a cluster serves is what it has applied, whichever definition
 * asked for it: so neither variant sends calls to a cluster that does not
 * answer them.
 */
export interface Variant {
  /** Of the memory: differs between the two of one global namespace. */
  readonly key: string;
  readonly gns: string;
  readonly definition: VersionedGlobalNamespace;
  readonly isInForce: (clusterId: string) => boolean;
  /** Equal while it is in force in the same clusters. */
  readonly scope: string;
}

const EVERYWHERE = () => true;

/** All variants, in the order in which they may claim namespaces: older definitions first. */
export function variantsOf({
  definitions,
  splits = [],
}: Pick<CompositionInput, 'definitions' | 'splits'>): Variant[] {
  const splitOf = new Map(splits.map(s => [s.gns, s]));
  const variants = definitions.map((definition): Variant => {
    const gns = definition.definition.metadata.name;
    const split = splitOf.get(gns);
    return {
      key: gns,
      gns,
      definition,
      isInForce: split ? id => split.turned.has(id) : EVERYWHERE,
      scope: split ? `turned ${[...split.turned].sort().join()}` : '',
    };
  });
  for (const { gns, former, turned } of splits) {
    if (!former) continue;
    variants.push({
      key: `${gns} former`,
      gns,
      definition: former,
      isInForce: id => !turned.has(id),
      scope: `waiting ${[...turned].sort().join()}`,
    });
  }
  return variants.sort(
    (a, b) =>
      a.definition.createdOrder - b.definition.createdOrder ||
      by<Variant>(v => v.key)(a, b),
  );
}
