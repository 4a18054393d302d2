import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import { type Path } from './jsonSchema';

/** Where in a document the cursor stands, and what can be written there. */
export interface Place {
  /** `key`: of the object at `path`; `value`: of `path` itself. */
  role: 'key' | 'value';
  path: Path;
  /** The word that the cursor touches. */
  from: number;
  to: number;
  word: string;
  /** Keys that the object at `path` has besides this word. */
  siblings: string[];
  /** Inside of braces or brackets, where a completion stays on its line. */
  flow: boolean;
  /** Column of the key, for the lines below it. */
  column: number;
}

/** A text that no document has. */
const MARK = 'isthmus-cursor-\u2021';
const WORD = /[\w./@-]/;

/**
 * The places at an offset of a YAML text, which may be unfinished: a mark is
 * written where the cursor is, once as a key and once as a value, and what
 * parses without an error there is a place.
 */
export function placesAt(text: string, offset: number): Place[] {
  let from = offset;
  while (from > 0 && WORD.test(text[from - 1])) from -= 1;
  let to = offset;
  while (to < text.length && WORD.test(text[to])) to += 1;
  // The dash of a list entry is no part of the word that follows it.
  if (/^-\s/.test(text.slice(from, from + 2)) && offset > from) return [];
  const word = text.slice(from, offset);
  const column = from - (text.lastIndexOf('\n', from - 1) + 1);
  const before = text.slice(0, from);
  const after = text.slice(to);
  const asKey = /^\s*:/.test(after) ? MARK : `${MARK}: 0`;
  const places: Place[] = [];
  for (const role of ['key', 'value'] as const) {
    // `key:` needs a blank before its value.
    const asValue = before.endsWith(':') ? ` ${MARK}` : MARK;
    const mark = role === 'key' ? asKey : asValue;
    const document = parse(`${before}${mark}${after}`);
    const broken = document?.errors.some(
      ({ pos: [start] }) => start >= from - 1 && start <= from + mark.length,
    );
    const found = document && !broken ? findMark(document.contents, []) : null;
    if (found && found.role === role) {
      places.push({ ...found, from, to, word, column });
    }
  }
  return places;
}

function parse(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    // The parser recurses: a text that nests without end exhausts the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Found = Pick<Place, 'role' | 'path' | 'siblings' | 'flow'>;

function findMark(node: Node | null, path: Path, flow = false): Found | null {
  if (isScalar(node)) {
    return node.value === MARK
      ? { role: 'value', path, siblings: [], flow }
      : null;
  }
  if (isMap(node)) {
    const inFlow = flow || node.flow === true;
    const keys = node.items.map(({ key }) =>
      isScalar(key) ? String(key.value ?? '') : '',
    );
    for (const [i, pair] of node.items.entries()) {
      if (keys[i] === MARK) {
        return {
          role: 'key',
          path,
          siblings: keys.filter(key => key !== MARK),
          flow: inFlow,
        };
      }
      const found = findMark(
        pair.value as Node | null,
        [...path, keys[i]],
        inFlow,
      );
      if (found) return found;
    }
  }
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      const found = findMark(
        item as Node | null,
        [...path, i],
        flow || node.flow === true,
      );
      if (found) return found;
    }
  }
  return null;
}

/** The path of the innermost key or value around an offset; for help on it. */
export function pathAt(text: string, offset: number): Path {
  const document = parse(text);
  return document ? around(document.contents, offset, []) : [];
}

function around(node: Node | null, offset: number, path: Path): Path {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isScalar(pair.key)) continue;
      const key = String(pair.key.value ?? '');
      const value = pair.value as Node | null;
      const start = pair.key.range?.[0] ?? Infinity;
      const end = value?.range?.[1] ?? pair.key.range?.[1] ?? -1;
      if (offset >= start && offset <= end) {
        return around(value, offset, [...path, key]);
      }
    }
  }
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      const value = item as Node | null;
      const [start, end] = value?.range ?? [Infinity, -1];
      if (offset >= start && offset <= end) {
        return around(value, offset, [...path, i]);
      }
    }
  }
  return path;
}
