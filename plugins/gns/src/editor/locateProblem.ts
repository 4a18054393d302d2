import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
} from 'yaml';
import { type Problem } from '@isthmus/plugin-gns-common';
import { type Path } from './jsonSchema';

/** A stretch of a text, offsets in characters. */
export interface Stretch {
  from: number;
  to: number;
}

/** Reads what `showPath` writes: `spec.members[0]["odd key"]`. */
export function readPath(text: string): Path {
  const steps: (string | number)[] = [];
  const step = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g;
  for (const [, index, quoted, key] of text.matchAll(step)) {
    if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(String(JSON.parse(quoted)));
    else steps.push(key);
  }
  return steps;
}

/**
 * Finds where in a text each problem is: its path, or the nearest place above
 * it that is there. Paths of syntax problems are `line:column`.
 */
export function locateProblems(
  text: string,
  problems: readonly Problem[],
): Stretch[] {
  if (problems.length === 0) return [];
  const lines = new LineCounter();
  const root = read(text, lines);
  return problems.map(problem => {
    const position = /^(\d+):(\d+)$/.exec(problem.path);
    if (position) {
      const start = lines.lineStarts[Number(position[1]) - 1] ?? text.length;
      const offset = start + Number(position[2]) - 1;
      return word(text, Math.max(0, Math.min(offset, text.length)));
    }
    return place(text, root, problem);
  });
}

function read(text: string, lineCounter: LineCounter): Node | null {
  try {
    return parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      lineCounter,
    }).contents;
  } catch (error) {
    // The parser recurses: a text that nests without end exhausts the stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function place(text: string, root: Node | null, problem: Problem): Stretch {
  let node: Node | null = root;
  let key: Stretch | undefined;
  let value: Stretch | undefined;
  let whole = true;
  for (const step of readPath(problem.path)) {
    const found = child(node, step);
    if (!found) {
      whole = false;
      break;
    }
    node = found.node;
    key = found.key;
    value = stretch(node);
  }
  if (!key && !value) return firstLine(text);
  const ofKey =
    !whole || problem.code === 'unknown-field' || !isScalar(node) || !value;
  return ofKey && key ? key : value ?? key ?? firstLine(text);
}

function child(
  node: Node | null,
  step: string | number,
): { node: Node | null; key?: Stretch } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step] as Node | undefined;
    return item ? { node: item, key: firstOf(item) } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    ({ key }) => isScalar(key) && String(key.value ?? '') === String(step),
  );
  return pair
    ? { node: pair.value as Node | null, key: stretch(pair.key as Node) }
    : undefined;
}

/** The first key of an entry of a list, rather than its many lines. */
function firstOf(item: Node): Stretch | undefined {
  const [first] = isMap(item) ? item.items : [];
  return first ? stretch(first.key as Node) : stretch(item);
}

function stretch(node: Node | null): Stretch | undefined {
  const range = node?.range;
  return range && range[1] > range[0]
    ? { from: range[0], to: range[1] }
    : undefined;
}

function firstLine(text: string): Stretch {
  const end = text.indexOf('\n');
  return { from: 0, to: end < 0 ? text.length : end };
}

/** The word at an offset, at least one character where there is one. */
function word(text: string, offset: number): Stretch {
  const [found] = /^[^\s,[\]{}]+/.exec(text.slice(offset)) ?? [''];
  const from =
    offset >= text.length || text[offset] === '\n'
      ? Math.max(0, offset - 1)
      : offset;
  return { from, to: Math.min(text.length, from + Math.max(1, found.length)) };
}
