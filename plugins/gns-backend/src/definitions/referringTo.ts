import {
  findKind,
  formatRef,
  refOf,
  type Definition,
  type DefinitionRef,
} from '@isthmus/plugin-gns-common';

/** References of all definitions that name `target`, or belong to it. Pure. */
export function referringTo(
  target: DefinitionRef,
  definitions: readonly Definition[],
): string[] {
  const wanted = formatRef(target);
  return definitions
    .filter(definition => {
      const ref = refOf(definition);
      if (formatRef(ref) === wanted) return false;
      const belongs =
        target.kind === 'GlobalNamespace' && ref.gns === target.name;
      return (
        belongs ||
        findKind(definition.kind)?.references?.(definition).includes(wanted)
      );
    })
    .map(definition => formatRef(refOf(definition)));
}
