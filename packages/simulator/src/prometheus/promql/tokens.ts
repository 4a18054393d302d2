/** A piece of PromQL. */
export interface Token {
  readonly kind: 'name' | 'number' | 'duration' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Why a query is refused, as Prometheus' `bad_data`. */
export class QueryError extends Error {
  readonly name = 'QueryError';
}

const PATTERNS: readonly [Token['kind'], RegExp][] = [
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?![a-zA-Z0-9_])/y],
  ['number', /(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![a-zA-Z_])/y],
  ['name', /[a-zA-Z_:][a-zA-Z0-9_:]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"/y],
  ['sign', /=~|!~|!=|==|>=|<=|[-+*/><={}()[\],]/y],
];

/** Cuts a query into tokens. @throws QueryError */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const blank = /\s*/y;
  for (;;) {
    blank.lastIndex = at;
    blank.exec(query);
    at = blank.lastIndex;
    if (at >= query.length) break;
    const token = tokenAt(query, at);
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '', at: query.length });
  return tokens;
}

function tokenAt(query: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(query);
    if (match) return { kind, text: match[0], at };
  }
  throw new QueryError(
    `1:${at + 1}: parse error: unexpected character: ${JSON.stringify(
      query[at],
    )}`,
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** The value of a string literal; the escapes are Go's. @throws QueryError */
export function unquote(text: string): string {
  return text
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g,
      (_whole, unicode, byte, letter) => {
        if (unicode || byte) {
          return String.fromCharCode(parseInt(unicode ?? byte, 16));
        }
        const value = ESCAPES[letter];
        if (value === undefined) {
          throw new QueryError(
            `parse error: unknown escape sequence \\${letter}`,
          );
        }
        return value;
      },
    );
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of a duration. */
export function secondsOf(duration: string): number {
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit],
    0,
  );
}
