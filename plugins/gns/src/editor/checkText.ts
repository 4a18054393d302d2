import {
  type Definition,
  parseDefinition,
  parseYaml,
  type Problem,
} from '@isthmus/plugin-gns-common';

/** What a text says, as far as it can be read. */
export interface CheckedText {
  /** Errors and warnings; no error: `definition` is there. */
  problems: Problem[];
  /** The document as written; absent while the text is not YAML. */
  written?: unknown;
  /** The document with its defaults. */
  definition?: Definition;
}

/** Reads the text of one definition the way the hub does. Pure. */
export function checkText(text: string): CheckedText {
  const parsed = parseYaml(text);
  if (!parsed.ok) return { problems: parsed.problems };
  const [written, ...more] = parsed.documents;
  if (more.length > 0) {
    return {
      problems: [
        {
          severity: 'error',
          code: 'too-many',
          path: '',
          message: `The text has ${more.length + 1} documents.`,
          remedy: 'Edit one definition at a time: remove the others.',
        },
      ],
    };
  }
  const result = parseDefinition(written);
  return result.ok
    ? { problems: result.warnings, written, definition: result.definition }
    : { problems: result.problems, written };
}
