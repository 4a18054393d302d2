import type {
  Compose,
  CompositionInput,
  CompositionResult,
} from '../composition';

export type { Compose };

/**
 * Composes, and when that throws, finds the global namespaces that throw on
 * their own and composes the others: one bad definition stops nobody else.
 */
export function composeIsolated(
  compose: Compose,
  input: CompositionInput,
): { result: CompositionResult; broken: ReadonlyMap<string, unknown> } {
  try {
    return { result: compose(input), broken: new Map() };
  } catch (whole) {
    const broken = new Map<string, unknown>();
    const only = (isMeant: (gns: string) => boolean): CompositionInput => ({
      ...input,
      definitions: input.definitions.filter(d =>
        isMeant(d.definition.metadata.name),
      ),
      splits: input.splits?.filter(s => isMeant(s.gns)),
    });
    const names = new Set([
      ...input.definitions.map(d => d.definition.metadata.name),
      ...(input.splits ?? []).map(s => s.gns),
    ]);
    for (const name of names) {
      try {
        compose(only(gns => gns === name));
      } catch (error) {
        broken.set(name, error);
      }
    }
    // It throws in combination only: nobody is known to be innocent.
    if (broken.size === 0) throw whole;
    return { result: compose(only(gns => !broken.has(gns))), broken };
  }
}
