import { z } from 'zod';

/**
 * Something wrong with a definition or a plan: where, what, and what to do.
 * Errors refuse the write, warnings are shown and pass.
 */
export const problemSchema = z.strictObject({
  severity: z.enum(['error', 'warning']),
  /** Stable machine word, kebab-case, for example `domain-taken`. */
  code: z.string(),
  /** Path into the document, for example `spec.members[0].namespaces`. */
  path: z.string(),
  /** The offending value, shortened, as JSON; absent when there is none. */
  value: z.string().optional(),
  /** What is wrong, one sentence. */
  message: z.string(),
  /** What to do about it, one sentence. */
  remedy: z.string(),
  /** The definition concerned, as `Kind:[gns/]name`, when several were sent. */
  definition: z.string().optional(),
});

export type Problem = z.infer<typeof problemSchema>;

const MAX_VALUE = 200;

/**
 * Characters that hide or reorder what a text says: control, format
 * (bidirectional, zero width, tags, soft hyphen), lone surrogates, line and
 * paragraph separators.
 */
export const HIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const HIDDEN = new RegExp(HIDDEN_CHARACTERS.source, 'gu');

/** JSON of a value, shortened and with control characters escaped, to show to a person. */
export function showValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  // JSON escapes C0 and lone surrogates; what else hides or reorders text
  // (format, C1, line separators) is escaped here.
  const safe = text.replace(HIDDEN, hidden =>
    Array.from(
      { length: hidden.length },
      (_, i) => `\\u${hidden.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
  if (safe.length <= MAX_VALUE) return safe;
  // Never half of a surrogate pair.
  return `${safe.slice(0, MAX_VALUE).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A path of keys and indexes as people write it: `spec.members[0].clusters`. */
export function showPath(path: ReadonlyArray<PropertyKey>): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${text}[${showValue(key)}]`;
    return text ? `${text}.${key}` : key;
  }, '');
}
