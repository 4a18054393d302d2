import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type JsonSchema, type Path, schemasAt } from '../editor/jsonSchema';
import { isRecord, same, valueAt } from './same';

/** What shall stand at a path; undefined: nothing. */
export interface Edit {
  path: Path;
  value: unknown;
}

/** Flow style (`{ prefix: eu- }`) for what fits comfortably on its line. */
const LONGEST_FLOW = 60;

/**
 * Changes a YAML text at some paths and leaves the rest as it is written, with
 * its comments. New keys go where the schema has them. Undefined: the text
 * cannot be read, or does not have the shape that a path asks for.
 */
export function editYaml(
  text: string,
  edits: readonly Edit[],
  schema?: JsonSchema,
): string | undefined {
  return edits.reduce<string | undefined>(
    (at, edit) => (at === undefined ? undefined : editOnce(at, edit, schema)),
    text,
  );
}

function editOnce(
  text: string,
  { path, value }: Edit,
  schema: JsonSchema | undefined,
): string | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const before: unknown = document.toJS();
  if (same(valueAt(before, path), value)) return text;
  const wanted = withEdit(before, path, value);
  if (wanted === undefined) return undefined;
  const spliced = spliceScalar(text, document.getIn(path, true), value);
  if (spliced !== undefined && reads(spliced, wanted)) return spliced;
  const written = write(text, document, { path, value }, schema);
  return reads(written, wanted) ? written : undefined;
}

/** The value of the whole after an edit; undefined: a path leads through a text or number. */
function withEdit(root: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  if (typeof step === 'number') {
    const list = root === undefined || root === null ? [] : root;
    if (!Array.isArray(list) || step > list.length) return undefined;
    if (rest.length === 0 && value === undefined) {
      return list.filter((_, i) => i !== step);
    }
    const inner = withEdit(list[step], rest, value);
    if (inner === undefined) return undefined;
    return [...list.slice(0, step), inner, ...list.slice(step + 1)];
  }
  const map = root === undefined || root === null ? {} : root;
  if (!isRecord(map)) return undefined;
  if (rest.length === 0 && value === undefined) {
    return Object.fromEntries(
      Object.entries(map).filter(([key]) => key !== step),
    );
  }
  const inner = withEdit(map[step], rest, value);
  return inner === undefined ? undefined : { ...map, [step]: inner };
}

function reads(text: string, wanted: unknown): boolean {
  const document = parseDocument(text, { prettyErrors: false });
  return document.errors.length === 0 && same(document.toJS(), wanted);
}

/** Replaces one scalar where it stands; what is around keeps every blank. */
function spliceScalar(
  text: string,
  scalar: unknown,
  value: unknown,
): string | undefined {
  if (
    !isScalar(scalar) ||
    !scalar.range ||
    value === undefined ||
    typeof value === 'object' ||
    scalar.type === 'BLOCK_LITERAL' ||
    scalar.type === 'BLOCK_FOLDED'
  ) {
    return undefined;
  }
  const [from, to] = scalar.range;
  const shown = new Document(value);
  if (isScalar(shown.contents) && typeof value === 'string') {
    // A text that was quoted stays quoted, the same way.
    if (scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE') {
      shown.contents.type = scalar.type;
    }
  }
  const written = shown.toString({ lineWidth: 0 }).trimEnd();
  if (written.includes('\n')) return undefined;
  // `key:` without a value has no blank of its own.
  const blank = from === to && text[from - 1] === ':' ? ' ' : '';
  return `${text.slice(0, from)}${blank}${written}${text.slice(to)}`;
}

function write(
  text: string,
  document: Document.Parsed,
  { path, value }: Edit,
  schema: JsonSchema | undefined,
): string {
  if (value === undefined) {
    document.deleteIn(path);
  } else {
    const there = document.getIn(path, true);
    if (isSeq(there) && Array.isArray(value)) {
      replaceItems(document, there, value);
    } else {
      place(document, path, value, schema);
    }
  }
  return document.toString({
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#-][^\n]*:\n\1- /m.test(text),
    flowCollectionPadding: !/[{[][^\s\]}]/.test(text),
  });
}

/** Sets a value; maps on the way are made, each key where the schema has it. */
function place(
  document: Document.Parsed,
  path: Path,
  value: unknown,
  schema: JsonSchema | undefined,
) {
  if (path.length === 0 || document.contents === null) {
    document.setIn(path, node(document, value));
    return;
  }
  let at = path.length - 1;
  while (at > 0 && !isNode(document.getIn(path.slice(0, at), true))) at -= 1;
  const parent = document.getIn(path.slice(0, at), true);
  const inner = path
    .slice(at + 1)
    .reduceRight<unknown>(
      (made, step) => (typeof step === 'number' ? [made] : { [step]: made }),
      value,
    );
  const step = path[at];
  if (isMap(parent) && typeof step === 'string') {
    putKey(document, parent, step, inner, schema, path.slice(0, at));
  } else {
    document.setIn(path.slice(0, at + 1), node(document, inner));
  }
}

function putKey(
  document: Document.Parsed,
  map: YAMLMap,
  key: string,
  value: unknown,
  schema: JsonSchema | undefined,
  path: Path,
) {
  if (map.has(key)) {
    map.set(key, node(document, value));
    return;
  }
  // An empty map is written `{}`; what has keys gets lines of its own.
  if (map.items.length === 0 && map.flow) map.flow = false;
  const order = schema
    ? schemasAt(schema, path).flatMap(one => Object.keys(one.properties ?? {}))
    : [];
  const rank = order.indexOf(key);
  const next = map.items.findIndex(
    pair => isScalar(pair.key) && order.indexOf(String(pair.key.value)) > rank,
  );
  const pair = document.createPair(key, node(document, value));
  if (rank < 0 || next < 0) map.items.push(pair);
  else map.items.splice(next, 0, pair);
}

/** Other items in a list; those that stay keep their nodes, with comments. */
function replaceItems(
  document: Document.Parsed,
  list: YAMLSeq,
  values: readonly unknown[],
) {
  if (list.items.length === 0 && list.flow) {
    list.flow = values.every(value => typeof value !== 'object');
  }
  const left = list.items.map(item => ({
    item,
    value: isNode(item) ? item.toJS(document) : item,
  }));
  list.items = values.map(value => {
    const found = left.findIndex(one => same(one.value, value));
    return found < 0 ? node(document, value) : left.splice(found, 1)[0].item;
  });
}

/** A node in the style of the design: short objects and lists on one line. */
function node(document: Document.Parsed, value: unknown): Node {
  const made = document.createNode(value, { aliasDuplicateObjects: false });
  const style = (one: unknown) => {
    if (!isMap(one) && !isSeq(one)) return;
    const flat = (
      isMap(one) ? one.items.map(pair => pair.value) : one.items
    ).every(
      inner => isScalar(inner) || (isSeq(inner) && inner.items.every(isScalar)),
    );
    const short = JSON.stringify(one.toJS(document)).length <= LONGEST_FLOW;
    if (flat && short) one.flow = true;
    else if (isMap(one)) one.items.forEach(pair => style(pair.value));
    else one.items.forEach(style);
  };
  style(made);
  return made;
}
