import { z } from 'zod';
import {
  PrometheusError,
  type EvaluationTimes,
  type Series,
} from './Prometheus';

const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.object({
      resultType: z.enum(['vector', 'matrix']),
      result: z.array(z.unknown()),
    }),
    warnings: z.array(z.string()).nullish(),
  }),
  z.object({
    status: z.literal('error'),
    errorType: z.string().default(''),
    error: z.string().default(''),
  }),
]);

/** Most warnings, and most of each, that a message repeats. */
const SHOWN = 200;

/**
 * Reads the body of `/api/v1/query` or `/api/v1/query_range`, strictly: whatever
 * is not what was asked for makes the whole answer worthless. Values that are
 * no finite numbers become NaN, and spoil only what they belong to.
 * @throws PrometheusError
 */
export function readAnswer(text: string, times: EvaluationTimes): Series[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new PrometheusError(
      'error',
      text.trimStart().startsWith('<')
        ? 'The answer is HTML, not JSON: the address is not that of a Prometheus, or a proxy wants a sign-in'
        : `The answer is no JSON, or was cut off (${text.length} characters)`,
      { cause: error },
    );
  }
  const parsed = answerSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(
      `${issue.path.join('.') || 'the answer'}: ${issue.message}`,
    );
  }
  const answer = parsed.data;
  if (answer.status === 'error') {
    throw new PrometheusError(
      answer.errorType === 'timeout' ? 'timeout' : 'error',
      `Prometheus refused the query (${
        answer.errorType || 'no type'
      }): ${answer.error.slice(0, SHOWN)}`,
    );
  }
  if (answer.warnings && answer.warnings.length > 0) {
    throw new PrometheusError(
      'partial',
      `Prometheus warned that the answer may be incomplete: ${answer.warnings[0].slice(
        0,
        SHOWN,
      )}`,
    );
  }
  const { resultType, result } = answer.data;
  const seen = new Set<string>();
  return result.map((item, i) => {
    const series = readSeries(item, i, resultType, times);
    // Prometheus writes labels in the order of their names.
    const key = JSON.stringify(series.labels);
    if (seen.has(key)) {
      throw unreadable(`result[${i}]: the series ${key} stands twice`);
    }
    seen.add(key);
    return series;
  });
}

function readSeries(
  item: unknown,
  i: number,
  resultType: 'vector' | 'matrix',
  grid: EvaluationTimes,
): Series {
  const { metric, value, values } = Object(item) as Record<string, unknown>;
  const wrongLabel =
    typeof metric !== 'object' ||
    metric === null ||
    Array.isArray(metric) ||
    Object.values(metric).some(label => typeof label !== 'string');
  if (wrongLabel) {
    throw unreadable(`result[${i}].metric is no map of labels`);
  }
  const points = resultType === 'vector' ? [value] : values;
  if (!Array.isArray(points) || points.length === 0) {
    throw unreadable(
      `result[${i}] has no ${resultType === 'vector' ? 'value' : 'values'}`,
    );
  }
  const times: number[] = [];
  const numbers: number[] = [];
  for (const point of points) {
    const [at, text] = Array.isArray(point) ? point : [];
    if (typeof at !== 'number' || typeof text !== 'string') {
      throw unreadable(`result[${i}] has a sample that is no [time, "value"]`);
    }
    const onGrid =
      at >= grid.from && at <= grid.to && (at - grid.from) % grid.step === 0;
    if (!onGrid) {
      throw unreadable(
        `result[${i}] has a sample of ${isoOf(at)}, which was not asked for`,
      );
    }
    if (times.length > 0 && at <= times[times.length - 1]) {
      throw unreadable(
        `result[${i}] has two samples of ${isoOf(at)}, or runs backwards`,
      );
    }
    times.push(at);
    numbers.push(readNumber(text, i));
  }
  return { labels: metric as Record<string, string>, times, values: numbers };
}

function readNumber(text: string, i: number): number {
  if (/^(NaN|[+-]?Inf)$/.test(text)) return NaN;
  const number = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(number)) {
    throw unreadable(`result[${i}]: "${text.slice(0, 40)}" is no number`);
  }
  return number;
}

function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function unreadable(what: string): PrometheusError {
  return new PrometheusError(
    'error',
    `The answer is not one of Prometheus' API: ${what}`,
  );
}
