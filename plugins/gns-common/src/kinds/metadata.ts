import { z } from 'zod';
import { DNS_LABEL } from '../dns';
import { HIDDEN_CHARACTERS } from '../problems';

/** One line of visible text for people, any language. */
export const lineSchema = (max: number) =>
  z
    .string()
    .max(max)
    .refine(text => !HIDDEN_CHARACTERS.test(text), {
      message:
        'has control, bidirectional or invisible characters: remove them, and line breaks',
    })
    .refine(text => text === text.normalize('NFC'), {
      message:
        'is not in Unicode normal form C: type accented letters as one character',
    });

/** Name of a definition: an RFC 1123 label, because it becomes part of object names. */
export const definitionNameSchema = z
  .string()
  .regex(
    DNS_LABEL,
    'is no name: use a-z, 0-9 and -, at most 63, starting and ending with a letter or digit',
  );

/** `group:default/shop`, `user:jo`; kind and namespace as the Backstage catalog has them. */
export const ownerSchema = z
  .string()
  .regex(
    /^(group|user):([a-zA-Z0-9]([-_.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?\/)?[a-zA-Z0-9]([-_.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/i,
    'is no owner: write group:<namespace>/<name> or user:<namespace>/<name>',
  )
  .transform(ref => {
    const [kind, rest] = [
      ref.slice(0, ref.indexOf(':')),
      ref.slice(ref.indexOf(':') + 1),
    ];
    return `${kind}:${
      rest.includes('/') ? rest : `default/${rest}`
    }`.toLowerCase();
  });

const common = {
  name: definitionNameSchema.describe(
    'Unique name, part of the names of the objects in the clusters; it does not change.',
  ),
  title: lineSchema(120)
    .optional()
    .describe('What people read in place of the name.'),
  description: lineSchema(2000).optional().describe('What it is for.'),
  owner: ownerSchema
    .optional()
    .describe('Group or user of the Backstage catalog that answers for it.'),
  labels: z
    .record(
      z
        .string()
        .max(317)
        .regex(
          /^[\w./-]+$/,
          'is no label key: use letters, digits, and . _ - /',
        ),
      z
        .string()
        .max(63)
        .regex(
          /^[\w.-]*$/,
          'is no label value: use letters, digits, and . _ -',
        ),
    )
    .default({})
    .describe('For lists and searches; they choose nothing.'),
};

/** `metadata` of kinds that stand alone. */
export const globalMetadataSchema = z.strictObject(common);

/** `metadata` of kinds that belong to a global namespace. */
export const gnsMetadataSchema = z.strictObject({
  ...common,
  gns: definitionNameSchema.describe('The global namespace it belongs to.'),
});

export type Metadata = z.infer<typeof globalMetadataSchema> & { gns?: string };
