import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  parseAllDocuments,
  stringify,
  visit,
  type Document,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { showValue, type Problem } from '../problems';

/** Bytes of a definition that are read at all. */
export const MAX_DEFINITION_BYTES = 256 * 1024;

const MAX_DOCUMENTS = 100;
const MAX_DEPTH = 32;
/** Words and signs of a text. Some of the parser's work grows with their square. */
const MAX_TOKENS = 100_000;
const MAX_MESSAGE = 200;

export type ParsedYaml =
  | { ok: true; documents: unknown[] }
  | { ok: false; problems: Problem[] };

type Refusal = Omit<Problem, 'severity' | 'path'> & { path?: string };

const EMPTY: Refusal = {
  code: 'empty',
  message: 'The text has no document.',
  remedy: 'Send one definition.',
};
const TOO_DEEP: Refusal = {
  code: 'too-deep',
  message: `The text nests deeper than ${MAX_DEPTH} levels.`,
  remedy: 'No definition needs that; remove the nesting.',
};

function refuse({ path = '', ...refusal }: Refusal): ParsedYaml {
  return { ok: false, problems: [{ severity: 'error', path, ...refusal }] };
}

/**
 * Reads YAML or JSON text of a person. YAML 1.2 core schema; anchors, aliases,
 * tags and duplicate keys are refused because they make a document mean
 * something other than what is seen, or expand without bound; `<<` is a key
 * like any other. Paths of problems are `line:column`. Bounded in time: the
 * worst text of 256 KiB takes about a second.
 */
export function parseYaml(text: string): ParsedYaml {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_DEFINITION_BYTES) {
    return refuse({
      code: 'too-large',
      message: `The text has ${bytes} bytes; at most ${MAX_DEFINITION_BYTES} are read.`,
      remedy: 'Split it into several definitions.',
    });
  }
  if (hasTooManyTokens(text)) {
    return refuse({
      code: 'too-large',
      message: `The text has more than ${MAX_TOKENS} words and signs.`,
      remedy: 'Split it into several definitions.',
    });
  }
  try {
    return readDocuments(text);
  } catch (error) {
    // The parser recurses: a text that nests without end exhausts the stack.
    if (error instanceof RangeError) return refuse(TOO_DEEP);
    throw error;
  }
}

function hasTooManyTokens(text: string): boolean {
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > MAX_TOKENS) return true;
  }
  return false;
}

function readDocuments(text: string): ParsedYaml {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // The parser compares every key with every other; findRefusal has a set.
    uniqueKeys: false,
    stringKeys: true,
    // Draws a picture for each error: too slow for texts with many.
    prettyErrors: false,
    lineCounter: lines,
  });
  if (!Array.isArray(documents)) return refuse(EMPTY);
  if (documents.length > MAX_DOCUMENTS) {
    return refuse({
      code: 'too-many',
      message: `The text has ${documents.length} documents; at most ${MAX_DOCUMENTS} are read.`,
      remedy: 'Send them in several requests.',
    });
  }
  const values: unknown[] = [];
  for (const document of documents) {
    const refusal = findRefusal(document, offset => {
      const { line, col } = lines.linePos(offset);
      return `${line}:${col}`;
    });
    if (refusal) return refuse(refusal);
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (value !== null && value !== undefined) values.push(value);
  }
  return values.length > 0 ? { ok: true, documents: values } : refuse(EMPTY);
}

/** The first thing that is wrong with a document. `at` turns an offset into a path. */
function findRefusal(
  document: Document.Parsed<ParsedNode>,
  at: (offset: number) => string,
): Refusal | undefined {
  const [error] = document.errors;
  if (error) {
    return error.message.startsWith('Maximum call stack')
      ? TOO_DEEP
      : {
          code: 'yaml-syntax',
          path: at(error.pos[0]),
          message: sentence(error.message),
          remedy: 'Correct the text at this place.',
        };
  }
  let refusal: Refusal | undefined;
  const stop = (found: Refusal) => {
    refusal = found;
    return visit.BREAK;
  };
  visit(document, (_key, node, path) => {
    if (!isNode(node)) return undefined;
    const here = node.range ? at(node.range[0]) : '';
    if (isCollection(node) && path.filter(isCollection).length >= MAX_DEPTH) {
      return stop({ ...TOO_DEEP, path: here });
    }
    if (isAlias(node) || ('anchor' in node && node.anchor)) {
      return stop({
        code: 'yaml-feature',
        path: here,
        message: 'The text uses anchors and aliases, which are not allowed.',
        remedy: 'Write the values out.',
      });
    }
    if (node.tag !== undefined) {
      return stop({
        code: 'yaml-feature',
        path: here,
        value: showValue(node.tag),
        message: 'The text uses tags, which are not allowed.',
        remedy: 'Write the value without its tag.',
      });
    }
    const twice = isMap(node) ? findKeyTwice(node) : undefined;
    return twice
      ? stop({
          code: 'duplicate-key',
          path: twice.offset === undefined ? here : at(twice.offset),
          value: showValue(twice.name),
          message: 'The key stands twice in one object.',
          remedy: 'Keep one of the two keys.',
        })
      : undefined;
  });
  return refusal;
}

function findKeyTwice(
  map: YAMLMap,
): { name: string; offset: number | undefined } | undefined {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const name = isScalar(key) ? String(key.value ?? '') : String(key);
    if (seen.has(name)) {
      return { name, offset: isScalar(key) ? key.range?.[0] : undefined };
    }
    seen.add(name);
  }
  return undefined;
}

/** The parser's message, bounded, as a sentence. */
function sentence(message: string): string {
  const [line] = message.split('\n');
  const short =
    line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
  return /[.…]$/.test(short) ? short : `${short}.`;
}

/** A definition as YAML for people: block style, keys in the order of the design. */
export function formatYaml(definition: unknown): string {
  return stringify(definition, { lineWidth: 0, aliasDuplicateObjects: false });
}
