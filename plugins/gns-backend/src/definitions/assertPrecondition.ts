import { formatRef, type DefinitionRef } from '@isthmus/plugin-gns-common';
import { PreconditionFailedError } from '../service/errors';
import type { Precondition } from './DefinitionStore';

/**
 * `generation` is what stands now; undefined: there is no such definition.
 * @throws PreconditionFailedError naming what stands and what to send
 */
export function assertPrecondition(
  ref: DefinitionRef,
  generation: number | undefined,
  precondition: Precondition,
): void {
  const name = formatRef(ref);
  if (precondition.type === 'absent') {
    if (generation === undefined) return;
    throw new PreconditionFailedError(
      `${name} exists already, with generation ${generation}. Read it, and send If-Match: "${generation}" to replace it.`,
    );
  }
  if (generation === undefined) {
    throw new PreconditionFailedError(
      `${name} does not exist, but If-Match expects generation ${precondition.generation}. Send If-None-Match: * to create it.`,
    );
  }
  if (generation !== precondition.generation) {
    throw new PreconditionFailedError(
      `${name} has generation ${generation} by now, but If-Match expects ${precondition.generation}. Read it again, and repeat your change on what you find.`,
    );
  }
}
