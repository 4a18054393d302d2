import { InputError } from '@backstage/errors';
import {
  SERIES_GROUPS,
  type TrafficPoints,
  type TrafficSeries,
} from '@isthmus/plugin-gns-common';
import { costs, type Builder, type GraphqlContext } from '../builder';
import type { Subject } from '../../telemetry/topology/subject';
import { defaultStep } from '../../telemetry/topology/TrafficSeriesView';
import type { FigureTypes } from './figures';

const STEPS = [60, 300, 900, 3600] as const;
const MOST_RANGE = 604_800;

/** @throws InputError */
function readRange(args: { range: number; step?: number | null }) {
  const { range } = args;
  if (range < 60 || range > MOST_RANGE) {
    throw new InputError(
      `range: ${range} s is not between 60 and ${MOST_RANGE}`,
    );
  }
  const step = args.step ?? defaultStep(range);
  const known = STEPS.find(s => s === step);
  if (known === undefined) {
    throw new InputError(
      `step: ${step} s is none. Write one of ${STEPS.join(', ')}`,
    );
  }
  return { range, step: known };
}

/** Traffic over time, of whatever has an id in the picture. */
export function addSeriesTypes(
  builder: Builder,
  { TelemetryCoverage }: FigureTypes,
) {
  const SeriesGroupBy = builder.enumType('SeriesGroupBy', {
    description: 'What a series is split by.',
    values: SERIES_GROUPS,
  });
  const Direction = builder.enumType('Direction', {
    values: ['inbound', 'outbound'] as const,
  });
  const SubjectDirection = builder.enumType('SubjectDirection', {
    description: '`along`: of an edge.',
    values: ['inbound', 'outbound', 'along'] as const,
  });
  const Points = builder.objectRef<TrafficPoints>('TrafficPoints').implement({
    description:
      'Columns: element i of each list belongs to element i of `times`. Null is unknown, 0 is zero.',
    fields: t => {
      const column = (name: Exclude<keyof TrafficPoints, 'known'>) =>
        t.expose(name, {
          type: ['Float'],
          nullable: { list: false, items: true },
        });
      return {
        requests: column('requests'),
        errorShare: column('errorShare'),
        clientErrorShare: column('clientErrorShare'),
        p50: column('p50'),
        p95: column('p95'),
        p99: column('p99'),
        mean: column('mean'),
        bytesToServer: column('bytesToServer'),
        bytesToClient: column('bytesToClient'),
        mtlsShare: column('mtlsShare'),
        known: t.exposeFloatList('known', {
          description: 'Share of each step that is known, 0–1.',
        }),
      };
    },
  });
  const Group = builder
    .objectRef<TrafficSeries['series'][number]>('SeriesOfGroup')
    .implement({
      fields: t => ({
        group: t.exposeString('group', {
          description:
            'Name of the cluster, workload, version or caller; empty when not grouped.',
        }),
        points: t.expose('points', { type: Points }),
      }),
    });
  const CodeCount = builder
    .objectRef<TrafficSeries['codes'][number]>('CodeCount')
    .implement({
      fields: t => ({
        code: t.exposeString('code', {
          description: 'HTTP code, `none`, or `grpc <status>`.',
        }),
        requests: t.exposeFloat('requests'),
      }),
    });
  const Histogram = builder
    .objectRef<NonNullable<TrafficSeries['histogram']>>('Histogram')
    .implement({
      description:
        'Requests in each bucket, not cumulative; the last is above all edges.',
      fields: t => ({
        edgesMs: t.exposeFloatList('edgesMs'),
        counts: t.exposeFloatList('counts'),
      }),
    });
  const Series = builder.objectRef<TrafficSeries>('TrafficSeries').implement({
    fields: t => ({
      subject: t.exposeString('subject'),
      direction: t.expose('direction', { type: SubjectDirection }),
      from: t.expose('from', { type: 'DateTime' }),
      to: t.expose('to', { type: 'DateTime' }),
      stepSeconds: t.exposeInt('stepSeconds'),
      groupBy: t.expose('groupBy', { type: SeriesGroupBy }),
      times: t.expose('times', {
        type: ['DateTime'],
        description: 'Start of each step.',
      }),
      series: t.expose('series', { type: [Group] }),
      codes: t.expose('codes', {
        type: [CodeCount],
        description: 'Requests of the whole range by code.',
      }),
      histogram: t.expose('histogram', { type: Histogram, nullable: true }),
      coverage: t.expose('coverage', { type: [TelemetryCoverage] }),
    }),
  });

  const args = builder.args(t => ({
    range: t.int({
      defaultValue: 3600,
      required: true,
      description: 'Seconds back from `at`.',
    }),
    step: t.int({
      description:
        'Seconds: 60, 300, 900 or 3600; by default what gives at most 200 points.',
    }),
    at: t.field({
      type: 'DateTime',
      description: 'End, for the past; by default the newest that is whole.',
    }),
    groupBy: t.field({
      type: SeriesGroupBy,
      defaultValue: 'none',
      required: true,
    }),
  }));

  const cost = costs(given => {
    const { range, step } = readRange(given as never);
    return { own: 200, points: Math.ceil(range / step), items: 1 };
  });
  const read = (
    context: GraphqlContext,
    gns: string,
    subject: { subject: Subject; subjectId: string },
    given: {
      range: number;
      step?: number | null;
      at?: string | null;
      groupBy: (typeof SERIES_GROUPS)[number];
    },
  ) =>
    context.caller.series(gns, {
      ...subject,
      ...readRange(given),
      at: given.at ?? undefined,
      groupBy: given.groupBy,
    });
  return { Series, Direction, args, cost, read };
}
export type SeriesTypes = ReturnType<typeof addSeriesTypes>;
