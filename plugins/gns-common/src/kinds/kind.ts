import type { z } from 'zod';
import type { Problem } from '../problems';
import type { Metadata } from './metadata';

/** One versioned document that a person, a template or GitOps writes. */
export interface Definition<
  K extends string = string,
  S = Record<string, unknown>,
> {
  apiVersion: string;
  kind: K;
  metadata: Metadata;
  spec: S;
}

/**
 * A kind of definition. Adding one adds a file with its descriptor and a line
 * in the registry; nothing else knows kinds by name.
 */
export interface KindDescriptor<
  K extends string = string,
  S = Record<string, unknown>,
> {
  readonly kind: K;
  /** `global` stands alone; `gns` names its global namespace in `metadata.gns`. */
  readonly scope: 'global' | 'gns';
  /** One sentence for the reference and the portal. */
  readonly summary: string;
  /** Shape and defaults of the whole document. */
  readonly schema: z.ZodType<Definition<K, S>>;
  /** Checks across fields of one document; paths start at the document. */
  check?(definition: Definition<K, S>): Problem[];
  /** What may not change once used. */
  checkChange?(previous: Definition<K, S>, next: Definition<K, S>): Problem[];
  /** References to other definitions, `Kind:[gns/]name`; deletion of those is refused meanwhile. */
  references?(definition: Definition<K, S>): string[];
}
