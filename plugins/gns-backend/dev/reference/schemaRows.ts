import { code } from './markdown';

/** What of JSON Schema our definitions use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface SchemaRow {
  path: string;
  type: string;
  required: boolean;
  /** JSON of the default; empty: none. */
  initial: string;
  description: string;
}

const alternatives = (schema: Schema) => schema.anyOf ?? schema.oneOf;

/** The type of a field in a few words: `string`, `list of object`, `strict or permissive`. */
export function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum)
    return schema.enum.map(v => code(JSON.stringify(v))).join(' or ');
  const choices = alternatives(schema);
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ');
  if (schema.$ref) return schema.$ref.split('/').pop() ?? '';
  if (schema.type === 'array')
    return `list of ${
      typeof schema.items === 'object' ? typeOf(schema.items) : 'anything'
    }`;
  if (schema.type === 'object' && !schema.properties)
    return `map of ${
      typeof schema.additionalProperties === 'object'
        ? typeOf(schema.additionalProperties)
        : 'anything'
    }`;
  return [schema.type ?? 'anything'].flat().join(' or ');
}

/** Fields below a schema, deepest last, as paths that a reader can look for: `members[].clusters`. */
export function schemaRows(schema: Schema, prefix = ''): SchemaRow[] {
  const rows = Object.entries(schema.properties ?? {}).flatMap(
    ([name, field]) => {
      const path = prefix ? `${prefix}.${name}` : name;
      return [
        {
          path,
          type: typeOf(field),
          required: schema.required?.includes(name) ?? false,
          initial:
            field.default === undefined ? '' : JSON.stringify(field.default),
          description: field.description ?? '',
        },
        ...schemaRows(field, path),
      ];
    },
  );
  const below = [
    // What one alternative demands, the others do without.
    ...(alternatives(schema) ?? []).flatMap(part =>
      schemaRows(part, prefix).map(row => ({ ...row, required: false })),
    ),
    ...(schema.allOf ?? []).flatMap(part => schemaRows(part, prefix)),
    ...(typeof schema.items === 'object'
      ? schemaRows(schema.items, `${prefix}[]`)
      : []),
  ];
  const seen = new Set<string>();
  return [...rows, ...below].filter(row => {
    const key = `${row.path} ${row.type}`;
    return !seen.has(key) && seen.add(key);
  });
}
