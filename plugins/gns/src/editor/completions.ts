import {
  formOf,
  type JsonSchema,
  type Path,
  schemasAt,
  valuesOf,
} from './jsonSchema';
import { placesAt, type Place } from './placeAt';

/** One thing that can be written at the cursor. */
export interface Suggestion {
  label: string;
  /** What is written instead of the word. */
  insert: string;
  /** Where the cursor goes, from the start of `insert`; absent: its end. */
  cursor?: number;
  kind: 'key' | 'value';
  /** Must be there. */
  required: boolean;
  /** Where it stands, for its description. */
  path: Path;
}

export interface Suggestions {
  from: number;
  to: number;
  options: Suggestion[];
}

/** What the schema, and those who know the names, suggest at an offset. */
export function suggestionsAt(
  text: string,
  offset: number,
  schema: JsonSchema,
  known: (path: Path) => readonly string[] = () => [],
): Suggestions | undefined {
  const places = placesAt(text, offset);
  const options = places.flatMap(place =>
    place.role === 'key'
      ? keysOf(place, schema)
      : valuesAt(place, text, schema, known),
  );
  return options.length === 0
    ? undefined
    : { from: places[0].from, to: places[0].to, options };
}

function keysOf(place: Place, root: JsonSchema): Suggestion[] {
  const schemas = schemasAt(root, place.path);
  const required = new Set(schemas.flatMap(one => one.required ?? []));
  const names = new Set(
    schemas.flatMap(one => Object.keys(one.properties ?? {})),
  );
  return [...names]
    .filter(name => !place.siblings.includes(name))
    .map(name => {
      const path = [...place.path, name];
      const insert = `${name}:${afterKey(place, schemasAt(root, path))}`;
      return {
        label: name,
        insert,
        cursor: /[\]}]$/.test(insert) ? insert.length - 1 : undefined,
        kind: 'key' as const,
        required: required.has(name),
        path,
      };
    });
}

function afterKey(place: Place, schemas: readonly JsonSchema[]): string {
  const form = formOf(schemas);
  if (form === 'value') return ' ';
  if (place.flow) return form === 'list' ? ' []' : ' {}';
  const indent = ' '.repeat(place.column + 2);
  return form === 'list' ? `\n${indent}- ` : `\n${indent}`;
}

function valuesAt(
  place: Place,
  text: string,
  root: JsonSchema,
  known: (path: Path) => readonly string[],
): Suggestion[] {
  const values = [
    ...valuesOf(schemasAt(root, place.path)).map(String),
    ...known(place.path),
  ];
  // `key:` needs a blank before its value.
  const blank = text[place.from - 1] === ':' ? ' ' : '';
  return [...new Set(values)].map(value => ({
    label: value,
    insert: `${blank}${value}`,
    kind: 'value' as const,
    required: false,
    path: place.path,
  }));
}
