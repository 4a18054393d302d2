import { parseAllDocuments, isAlias, visit, stringify } from 'yaml';
import type { Problem } from '../problems';

/** Bytes of a definition that are read at all. */
export const MAX_DEFINITION_BYTES = 256 * 1024;

const MAX_DOCUMENTS = 100;
const MAX_DEPTH = 32;

export type ParsedYaml =
  | { ok: true; documents: unknown[] }
  | { ok: false; problems: Problem[] };

function refuse(
  code: string,
  message: string,
  remedy: string,
  path = '',
): ParsedYaml {
  return {
    ok: false,
    problems: [{ severity: 'error', code, path, message, remedy }],
  };
}

/**
 * Reads YAML or JSON text of a person. YAML 1.2 core schema; anchors, aliases,
 * tags, merge keys and duplicate keys are refused because they make a document
 * mean something other than what is seen, or expand without bound.
 * Paths of syntax errors are `line:column`.
 */
export function parseYaml(text: string): ParsedYaml {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_DEFINITION_BYTES) {
    return refuse(
      'too-large',
      `The text has ${bytes} bytes; at most ${MAX_DEFINITION_BYTES} are read.`,
      'Split it into several definitions.',
    );
  }
  let deepest = 0;
  for (let i = 0, depth = 0; i < text.length; i += 1) {
    // Flow collections nest without indentation: bound them before parsing.
    if (text[i] === '[' || text[i] === '{') depth += 1;
    if (text[i] === ']' || text[i] === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  if (deepest > MAX_DEPTH) {
    return refuse(
      'too-deep',
      `The text nests deeper than ${MAX_DEPTH} levels.`,
      'No definition needs that; remove the nesting.',
    );
  }
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: true,
  });
  if (!Array.isArray(documents) || documents.length === 0) {
    return refuse('empty', 'The text has no document.', 'Send one definition.');
  }
  if (documents.length > MAX_DOCUMENTS) {
    return refuse(
      'too-many',
      `The text has ${documents.length} documents; at most ${MAX_DOCUMENTS} are read.`,
      'Send them in several requests.',
    );
  }
  const values: unknown[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) {
      const where = error.linePos?.[0];
      return refuse(
        error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml-syntax',
        error.message.split('\n')[0],
        error.code === 'DUPLICATE_KEY'
          ? 'Keep one of the two keys.'
          : 'Correct the YAML at this place.',
        where ? `${where.line}:${where.col}` : '',
      );
    }
    let forbidden: string | undefined;
    let depth = 0;
    visit(document, {
      Node: (_key, node, path) => {
        depth = Math.max(depth, path.length);
        if (isAlias(node) || ('anchor' in node && node.anchor)) {
          forbidden = 'anchors and aliases';
        } else if (
          node.tag !== undefined &&
          !node.tag.startsWith('tag:yaml.org,2002:')
        ) {
          forbidden = 'tags';
        }
        return forbidden ? visit.BREAK : undefined;
      },
    });
    if (forbidden) {
      return refuse(
        'yaml-feature',
        `The text uses ${forbidden}, which are not allowed here.`,
        'Write the values out.',
      );
    }
    if (depth > MAX_DEPTH * 2) {
      return refuse(
        'too-deep',
        `The text nests deeper than ${MAX_DEPTH} levels.`,
        'No definition needs that; remove the nesting.',
      );
    }
    values.push(document.toJS({ maxAliasCount: 0 }));
  }
  const named = values.filter(v => v !== null);
  return named.length > 0
    ? { ok: true, documents: named }
    : refuse('empty', 'The text has no document.', 'Send one definition.');
}

/** A definition as YAML for people: block style, keys in the order of the design. */
export function formatYaml(definition: unknown): string {
  return stringify(definition, { lineWidth: 0, aliasDuplicateObjects: false });
}
