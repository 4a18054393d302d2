import { Evaluation, type SeriesStore } from './promql/evaluate';
import { keyOf, withoutName, type Labels } from './promql/labels';
import { parse } from './promql/parse';
import { QueryError } from './promql/tokens';

/** Prometheus' limit of points per series. */
const MAX_POINTS = 11_000;

/** The `data` of an answer to a query at one time. @throws QueryError */
export function instantAnswer(store: SeriesStore, query: string, time: number) {
  const vector = new Evaluation(store).at(parse(query), time);
  refuseDuplicates(vector.map(e => e.labels));
  return {
    resultType: 'vector',
    result: vector.map(({ labels, value }) => ({
      metric: shown(labels),
      value: [time, numberText(value)],
    })),
  };
}

/** The `data` of an answer to a query over a range. @throws QueryError */
export function rangeAnswer(
  store: SeriesStore,
  query: string,
  { start, end, step }: { start: number; end: number; step: number },
) {
  if ((end - start) / step > MAX_POINTS) {
    throw new QueryError(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const node = parse(query);
  const evaluation = new Evaluation(store);
  const series = new Map<
    string,
    { metric: Labels; values: [number, string][] }
  >();
  for (let time = start; time <= end; time += step) {
    const vector = evaluation.at(node, time);
    refuseDuplicates(vector.map(e => e.labels));
    for (const { labels, value } of vector) {
      const key = keyOf(labels);
      let found = series.get(key);
      if (!found) {
        found = { metric: shown(labels), values: [] };
        series.set(key, found);
      }
      found.values.push([time, numberText(value)]);
    }
  }
  return { resultType: 'matrix', result: [...series.values()] };
}

function shown(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([, value]) => value !== ''),
  );
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function refuseDuplicates(all: readonly Labels[]): void {
  const seen = new Set<string>();
  for (const labels of all) {
    const key = `${labels.__name__ ?? ''}\n${keyOf(withoutName(labels))}`;
    if (seen.has(key)) {
      throw new QueryError(
        'vector cannot contain metrics with the same labelset',
      );
    }
    seen.add(key);
  }
}
