const LONGEST = 400;

/** A JSON value as one short text: strings without quotes, the rest as JSON. */
export function showValue(value: unknown): string {
  const text =
    typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
