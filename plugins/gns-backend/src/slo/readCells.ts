import {
  SLICE_MINUTES,
  type ServiceLevelObjectiveSpec,
} from '@isthmus/plugin-gns-common';
import type {
  IncrementQuery,
  IncrementReader,
  IncrementStep,
  ServiceIncrements,
} from '../telemetry/increments/types';
import { tallyCells, type TallyColumns } from './columns';
import { judgeRequests, type CellColumns } from './judgeRequests';
import { joinSlices, judgeSlices, tallySlices } from './timeSlices';
import { queriesOf, type Track } from './tracks';
import { DAY, QUARTER, seconds, type Span } from './windows';

/** One definition to be read: its services, and the budgets that are made of them. */
export interface Subject {
  readonly gns: string;
  readonly spec: ServiceLevelObjectiveSpec;
  readonly tracks: readonly Track[];
}

/** The answers for one definition, by service. */
export type Answers = readonly ServiceIncrements[];

const WEEK = 7 * DAY;
/** Queries that are read together: bounds what is in memory at once. */
const BATCH = 100;

/**
 * Reads many definitions over one span; definitions over the same service and
 * view share what is read.
 */
export async function readAnswers(
  reader: IncrementReader,
  subjects: readonly Subject[],
  span: Span,
  step: IncrementStep,
): Promise<Answers[]> {
  const merged = new Map<string, IncrementQuery>();
  const keys = subjects.map(({ gns, spec }) =>
    queriesOf(gns, spec).map(query => {
      const key = JSON.stringify([query.gns, query.service, query.view]);
      merged.set(key, both(merged.get(key), query));
      return key;
    }),
  );
  const answers = new Map<string, ServiceIncrements>();
  const wanted = [...merged];
  for (let i = 0; i < wanted.length; i += BATCH) {
    const batch = wanted.slice(i, i + BATCH);
    const read = await reader.read(
      batch.map(([, query]) => query),
      { ...span, step },
    );
    batch.forEach(([key], n) => answers.set(key, read[n]));
  }
  return keys.map(own =>
    own.flatMap(key => {
      const answer = answers.get(key);
      return answer ? [answer] : [];
    }),
  );
}

function both(
  a: IncrementQuery | undefined,
  b: IncrementQuery,
): IncrementQuery {
  if (!a) return b;
  const union = (x: readonly number[] = [], y: readonly number[] = []) =>
    [...new Set([...x, ...y])].sort((m, n) => m - n);
  return {
    ...b,
    latencyEdgesMs: union(a.latencyEdgesMs, b.latencyEdgesMs),
    grpcStatuses: union(a.grpcStatuses, b.grpcStatuses),
  };
}

/** Whether any cell that should be known is not, or only in part. */
export function hasUnknown(answers: Answers, step: number): boolean {
  return answers.some(({ clusters }) =>
    clusters.some(cluster =>
      cluster.expected.some(
        (expected, i) => expected !== 0 && cluster.knownSeconds[i] < step,
      ),
    ),
  );
}

/** The tallies of each budget of a definition, slice by slice. */
export function tallyAnswers(
  { spec, tracks }: Subject,
  answers: Answers,
  options: { span: Span; step: number; before?: Answers },
): TallyColumns[] {
  const { span, step } = options;
  const cellsOf = (from: Answers, track: Track, index: number) =>
    from.flatMap(({ query, clusters }) =>
      clusters.map(cluster => ({
        key: `${query.service} ${cluster.cluster}`,
        columns: judgeRequests(
          cluster,
          track.objectives[index].indicator,
          spec.errors,
        ),
      })),
    );
  const { method } = spec;
  if (method.type === 'timeSlices') {
    const quarters = SLICE_MINUTES[method.length] / 15;
    return tracks.map(track =>
      tallySlices(
        joinSlices(
          track.objectives.map((objective, i) =>
            judgeSlices(
              cellsOf(answers, track, i).map(cell => cell.columns),
              objective,
              method,
              quarters,
            ),
          ),
        ),
        { from: span.from, step: quarters * QUARTER },
      ),
    );
  }
  const length = seconds(span) / step;
  return tracks.map(track => {
    const earlier = new Map<string, CellColumns>(
      options.before
        ? cellsOf(options.before, track, 0).map(c => [c.key, c.columns])
        : [],
    );
    return tallyCells(
      cellsOf(answers, track, 0).map(({ key, columns }) => ({
        now: columns,
        before: earlier.get(key),
      })),
      { from: span.from, step, length },
    );
  });
}

/** The same week before, for estimates of what is unknown; undefined where the store does not reach. */
export async function readWeekBefore(
  reader: IncrementReader,
  subjects: readonly Subject[],
  span: Span,
  oldest: number,
): Promise<Answers[] | undefined> {
  const before = { from: span.from - WEEK, to: span.to - WEEK };
  if (before.from < oldest) return undefined;
  return readAnswers(reader, subjects, before, QUARTER);
}
