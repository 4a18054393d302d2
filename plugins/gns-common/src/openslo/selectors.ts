/** One label matcher of a PromQL selector. */
export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** One selector of a query: a metric and its matchers. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** A query that is a sum of counters. */
export interface CounterSum {
  /** Added up. */
  readonly selectors: readonly Selector[];
  /** `histogram_quantile` around it: 0–1. */
  readonly quantile?: number;
}

/** Longest query that is read. */
const MAX_QUERY = 4000;
const SELECTOR =
  /([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*)\}/g;
const MATCHER =
  /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:,|$)/y;
/** What may stand around selectors: sums of rates, and nothing that changes a ratio. */
const AROUND = /^(?:sum|rate|increase|irate|[(),+\s§])*$/;
const GROUPING = /\b(?:by|without)\s*\([a-z_,\s]*\)/g;
const RANGE = /\[[^\]]*\]/g;
const QUANTILE = /^histogram_quantile\(\s*(0?\.\d+|0|1)\s*,([\s\S]*)\)$/;

/**
 * Reads a query that adds up counters, such as
 * `sum(rate(istio_requests_total{…}[5m]))`. Undefined for anything else: a
 * query that is not understood whole is not guessed at.
 */
export function readCounterSum(query: string): CounterSum | undefined {
  if (query.length > MAX_QUERY) return undefined;
  const trimmed = query.trim();
  const quantile = QUANTILE.exec(trimmed);
  const body = quantile ? quantile[2] : trimmed;
  const selectors: Selector[] = [];
  let readable = true;
  const rest = body.replace(
    SELECTOR,
    (_whole, metric: string, inner: string) => {
      const matchers = readMatchers(inner);
      if (matchers) selectors.push({ metric, matchers });
      else readable = false;
      return '§';
    },
  );
  const around = rest.replace(GROUPING, '').replace(RANGE, '');
  if (!readable || selectors.length === 0 || !AROUND.test(around)) {
    return undefined;
  }
  return {
    selectors,
    ...(quantile ? { quantile: Number(quantile[1]) } : {}),
  };
}

function readMatchers(inner: string): Matcher[] | undefined {
  const matchers: Matcher[] = [];
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < inner.trimEnd().length) {
    const found = MATCHER.exec(inner);
    if (!found) return undefined;
    const value = unquote(found[3]);
    const op = found[2] as Matcher['op'];
    if (op.endsWith('~') && !toRegExp(value)) return undefined;
    matchers.push({ label: found[1], op, value });
  }
  return matchers;
}

function unquote(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** Prometheus anchors its expressions. They are tried on short samples only. */
function toRegExp(source: string): RegExp | undefined {
  if (source.length > 500) return undefined;
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    // RE2 has constructs that are none here: the query is then not understood.
    return undefined;
  }
}

/** Whether a series with these labels is selected; an absent label is empty. */
export function selects(
  { matchers }: Selector,
  labels: Readonly<Record<string, string>>,
  ignored: ReadonlySet<string> = new Set(),
): boolean {
  return matchers.every(({ label, op, value }) => {
    if (ignored.has(label)) return true;
    const given = labels[label] ?? '';
    switch (op) {
      case '=':
        return given === value;
      case '!=':
        return given !== value;
      case '=~':
        return toRegExp(value)?.test(given) ?? false;
      default:
        return !(toRegExp(value)?.test(given) ?? false);
    }
  });
}

/** A selector as text; values are quoted. */
export function formatSelector({ metric, matchers }: Selector): string {
  const inner = matchers
    .map(
      ({ label, op, value }) =>
        `${label}${op}"${value.replace(/[\\"]/g, '\\$&')}"`,
    )
    .join(',');
  return `${metric}{${inner}}`;
}
