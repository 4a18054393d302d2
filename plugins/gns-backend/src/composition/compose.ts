import { CompositionMemory } from './CompositionMemory';
import {
  memberKey,
  type CompositionInput,
  type CompositionResult,
} from './types';

export type Compose = (input: CompositionInput) => CompositionResult;

/**
 * The pure function {@link compose} with a memory: parts whose inputs are the same objects as
 * in its last call are kept, and parts that come out equal are the same
 * objects again. Inventories, definitions and the maps of the input must be
 * replaced, never mutated. One composer serves one sequence of inputs; a call
 * that throws leaves it usable.
 */
export function createComposer(): Compose {
  let memory = new CompositionMemory();
  return input => {
    try {
      return memory.compose(input);
    } catch (error) {
      memory = new CompositionMemory();
      throw error;
    }
  };
}

/**
 * Definitions × inventories → desired state of each cluster. Pure: the same
 * input, in whatever order, gives the same result.
 */
export function compose(input: CompositionInput): CompositionResult {
  return new CompositionMemory().compose(input);
}

/** Keys of the namespaces that take part: to be kept and given back as {@link CompositionInput.acceptedMembers}. */
export function acceptedMembers(result: CompositionResult): Set<string> {
  const keys = new Set<string>();
  for (const gns of result.globalNamespaces.values()) {
    for (const member of gns.members) {
      if (member.state === 'member') {
        keys.add(memberKey(gns.name, member.cluster, member.namespace));
      }
    }
  }
  return keys;
}
