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
    for (const definition of input.definitions) {
      try {
        compose({ ...input, definitions: [definition] });
      } catch (error) {
        broken.set(definition.definition.metadata.name, error);
      }
    }
    // It throws in combination only: nobody is known to be innocent.
    if (broken.size === 0) throw whole;
    const definitions = input.definitions.filter(
      d => !broken.has(d.definition.metadata.name),
    );
    return { result: compose({ ...input, definitions }), broken };
  }
}
