import { z } from 'zod';
import {
  API_VERSION,
  findKind,
  supportedKinds,
} from '@isthmus/plugin-gns-common';

/** What the editor reads of a JSON schema. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

/** A place in a document: keys and indexes from its root. */
export type Path = ReadonlyArray<string | number>;

const made = new Map<string, JsonSchema>();

/**
 * The schema of what a person may write for a kind: defaults may be left out.
 * A kind that is not known gives the shape that all definitions share.
 */
export function schemaOfKind(kind: unknown): JsonSchema {
  const descriptor = typeof kind === 'string' ? findKind(kind) : undefined;
  const key = descriptor?.kind ?? '';
  let schema = made.get(key);
  if (!schema) {
    schema = descriptor
      ? (z.toJSONSchema(descriptor.schema, {
          io: 'input',
          unrepresentable: 'any',
        }) as JsonSchema)
      : anyDefinition();
    made.set(key, schema);
  }
  return schema;
}

function anyDefinition(): JsonSchema {
  return {
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: { const: API_VERSION },
      kind: { enum: supportedKinds().map(one => one.kind) },
      metadata: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' } },
      },
      spec: { type: 'object' },
    },
  };
}

/** The schema and, where it offers a choice, each of its branches. */
function branches(schema: JsonSchema): JsonSchema[] {
  const inner = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ];
  return inner.length === 0 ? [schema] : [schema, ...inner.flatMap(branches)];
}

/** Every schema that speaks about a place; empty: none does. */
export function schemasAt(root: JsonSchema, path: Path): JsonSchema[] {
  return path.reduce<JsonSchema[]>(
    (at, step) =>
      at.flatMap(schema => {
        if (typeof step === 'number') {
          return schema.items ? branches(schema.items) : [];
        }
        const named =
          schema.properties && Object.hasOwn(schema.properties, step)
            ? schema.properties[step]
            : undefined;
        if (named) return branches(named);
        return typeof schema.additionalProperties === 'object'
          ? branches(schema.additionalProperties)
          : [];
      }),
    branches(root),
  );
}

/** How a place is filled: decides what follows a completed key. */
export type Form = 'object' | 'list' | 'value';

/** The form of what stands at a place. */
export function formOf(schemas: readonly JsonSchema[]): Form {
  if (schemas.some(one => one.type === 'array')) return 'list';
  if (schemas.some(one => one.type === 'object')) return 'object';
  return 'value';
}

/** The values that a place allows, where they are few enough to list. */
export function valuesOf(schemas: readonly JsonSchema[]): unknown[] {
  const values = schemas.flatMap(one => {
    if (one.enum) return one.enum;
    if (one.const !== undefined) return [one.const];
    return one.type === 'boolean' ? [true, false] : [];
  });
  return [...new Set(values)];
}
