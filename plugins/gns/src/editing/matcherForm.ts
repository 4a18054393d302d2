import { isRecord } from './same';

/** A matcher as a form shows it. */
export type MatcherForm =
  | { way: 'all' }
  | { way: 'names'; names: string[] }
  | { way: 'prefix'; prefix: string }
  | { way: 'labels'; labels: [key: string, value: string][] }
  /** Written in a way that the form does not know. */
  | { way: 'other' };

export type MatcherWay = Exclude<MatcherForm['way'], 'other'>;

/** Reads what stands in the document, whatever that is. */
export function readMatcher(written: unknown): MatcherForm {
  if (written === undefined || written === null) return { way: 'all' };
  if (!isRecord(written)) return { way: 'other' };
  const keys = Object.keys(written);
  if (keys.length !== 1) return { way: 'other' };
  const { names, prefix, labels } = written;
  if (Array.isArray(names)) return { way: 'names', names: names.map(String) };
  if (typeof prefix === 'string') {
    return prefix === '' ? { way: 'all' } : { way: 'prefix', prefix };
  }
  if (isRecord(labels)) {
    return {
      way: 'labels',
      labels: Object.entries(labels).map(([key, value]) => [
        key,
        String(value ?? ''),
      ]),
    };
  }
  return { way: 'other' };
}

/**
 * What the document shall hold; undefined: nothing, because it is the default.
 *
 * @param required - the document needs the matcher, also for all
 */
export function writeMatcher(form: MatcherForm, required: boolean): unknown {
  switch (form.way) {
    case 'names':
      return { names: form.names };
    case 'prefix':
      return { prefix: form.prefix };
    case 'labels':
      return { labels: Object.fromEntries(form.labels) };
    default:
      return required ? { prefix: '' } : undefined;
  }
}

/** The form after another way was chosen; what can be kept is kept. */
export function startMatcher(
  way: MatcherWay,
  before: MatcherForm,
): MatcherForm {
  if (before.way === way) return before;
  switch (way) {
    case 'names':
      return {
        way,
        names: before.way === 'prefix' && before.prefix ? [before.prefix] : [],
      };
    case 'prefix':
      return {
        way,
        prefix: before.way === 'names' ? before.names[0] ?? '' : '',
      };
    case 'labels':
      return { way, labels: [] };
    default:
      return { way };
  }
}
