import { InputError } from '@backstage/errors';

/**
 * The only way in which text becomes PromQL. Names are checked, values are
 * quoted: whatever they hold, they stay one value.
 */

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** @throws InputError unless it is a name of a label */
export function labelName(name: string): string {
  if (LABEL_NAME.test(name)) return name;
  throw new InputError(
    `${JSON.stringify(
      name,
    )} is no name of a label: use letters, digits and _, not beginning with a digit`,
  );
}

/** @throws InputError unless it is a name of a metric */
export function metricName(name: string): string {
  if (METRIC_NAME.test(name)) return name;
  throw new InputError(
    `${JSON.stringify(
      name,
    )} is no name of a metric: use letters, digits, _ and :, not beginning with a digit`,
  );
}

/** A string literal. Prometheus' escapes are Go's; JSON's are among them, but for halves of a surrogate pair. */
export function quoted(value: string): string {
  const whole = value.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
  // Prometheus takes the replacement character itself for broken UTF-8.
  return JSON.stringify(whole).replaceAll('\ufffd', '\\ufffd');
}

/** A regular expression (RE2) that matches this text alone. */
export function literally(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** One matcher of a selector. */
export type Matcher = readonly [
  label: string,
  operator: '=' | '!=' | '=~' | '!~',
  value: string,
];

/** `name{label="value",…}` */
export function selector(metric: string, matchers: readonly Matcher[]): string {
  const inside = matchers.map(
    ([label, operator, value]) =>
      `${labelName(label)}${operator}${quoted(value)}`,
  );
  return `${metricName(metric)}{${inside.join(',')}}`;
}

/** A regular expression that matches any of these texts and no other. */
export function anyOf(texts: readonly string[]): string {
  return texts.map(literally).join('|');
}

/** A vector with one more label. */
export function tagged(vector: string, label: string, value: string): string {
  return `label_replace(${vector},${quoted(labelName(label))},${quoted(
    value.replaceAll('$', '$$$$'),
  )},"","")`;
}

/** A vector with one more label: the values of others, one after the other. */
export function joined(
  vector: string,
  label: string,
  separator: string,
  labels: readonly string[],
): string {
  const names = [label, ...labels].map(name => quoted(labelName(name)));
  return `label_join(${vector},${names[0]},${quoted(separator)},${names
    .slice(1)
    .join(',')})`;
}

/** A vector in which a label says `value` where another matches a regular expression (RE2). */
export function markedWhere(
  vector: string,
  mark: { label: string; value: string; where: string; matches: string },
): string {
  return `label_replace(${vector},${quoted(labelName(mark.label))},${quoted(
    mark.value,
  )},${quoted(labelName(mark.where))},${quoted(mark.matches)})`;
}
