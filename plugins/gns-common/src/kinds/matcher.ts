import { z } from 'zod';
import { DNS_LABEL } from '../dns';

const LABEL_KEY =
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const name = z
  .string()
  .regex(
    DNS_LABEL,
    'is no Kubernetes name: use a-z, 0-9 and -, at most 63, starting and ending with a letter or digit',
  );

/** Exactly these names. Members matched by exact name need no approval. */
const byNames = z.strictObject({
  names: z
    .array(name)
    .min(
      1,
      'names nothing: name at least one, or leave the matcher to prefix or labels',
    )
    .max(1000)
    .describe('Exactly these names.'),
});

/** Every name that starts with this text; the empty prefix matches all. */
const byPrefix = z.strictObject({
  prefix: z
    .string()
    .max(63)
    .regex(
      /^([a-z0-9][-a-z0-9]*)?$/,
      'is no beginning of a Kubernetes name: use a-z, 0-9 and -',
    )
    .describe('Every name that starts with this; empty: all.'),
});

/** Every object that carries all of these labels. */
const byLabels = z.strictObject({
  labels: z
    .record(
      z
        .string()
        .regex(
          LABEL_KEY,
          'is no Kubernetes label key: write name or domain/name',
        ),
      z
        .string()
        .regex(
          LABEL_VALUE,
          'is no Kubernetes label value: use at most 63 letters, digits, and . _ -',
        ),
    )
    .refine(labels => Object.keys(labels).length > 0, {
      message:
        'names no label: name at least one, or write { prefix: "" } to match all',
    })
    .describe('What carries all of these labels.'),
});

/** How clusters, namespaces or services are chosen: one way, never two. */
export const matcherSchema = z.union([byNames, byPrefix, byLabels]);

export type Matcher = z.infer<typeof matcherSchema>;

/** What a matcher looks at. */
export interface Matchable {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** True when the subject is chosen. Pure; own properties only. */
export function matches(matcher: Matcher, subject: Matchable): boolean {
  if ('names' in matcher) return matcher.names.includes(subject.name);
  if ('prefix' in matcher) return subject.name.startsWith(matcher.prefix);
  const labels = subject.labels ?? {};
  return Object.entries(matcher.labels).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

/** True when the matcher names its subjects one by one (rule 8: no approval). */
export function isExact(matcher: Matcher): boolean {
  return 'names' in matcher;
}

/** The matcher in words, for messages: `prefix "eu-"`. */
export function describeMatcher(matcher: Matcher): string {
  if ('names' in matcher) return `names ${matcher.names.join(', ')}`;
  if ('prefix' in matcher) {
    return matcher.prefix ? `prefix "${matcher.prefix}"` : 'all names';
  }
  return `labels ${Object.entries(matcher.labels)
    .map(([k, v]) => `${k}=${v}`)
    .join(', ')}`;
}
