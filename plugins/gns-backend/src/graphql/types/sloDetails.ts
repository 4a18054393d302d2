import type {
  SLO_SLICE_STATES,
  SloBudget,
  SloBurnDown,
  SloDetail,
  SloEvent,
  SloHeatMap,
  SloLatency,
  SloObjectiveStatus,
  SloPart,
  SloSummary,
} from '@isthmus/plugin-gns-common';
import type { EnumRef, ObjectRef } from '@pothos/core';
import type { Builder } from '../builder';

type Shared = {
  Budget: Ref<SloBudget>;
  Burn: Ref<SloSummary['burn'][number]>;
  SloSeverity: Words<SloDetail['rules'][number]['severity']>;
  SloEventKind: Words<SloEvent['kind']>;
  SloSliceState: Words<(typeof SLO_SLICE_STATES)[number]>;
};
type Ref<T> = ObjectRef<any, T, T>;
type Words<T> = EnumRef<any, T, T>;

const NULLS = { list: false, items: true } as const;

/** All about one objective. */
export function addSloDetailTypes(builder: Builder, shared: Shared) {
  const { Budget, Burn, SloSeverity, SloEventKind, SloSliceState } = shared;
  const Threshold = builder
    .objectRef<NonNullable<SloObjectiveStatus['threshold']>>('SloThreshold')
    .implement({
      description: 'Where a latency threshold really is judged.',
      fields: t => ({
        askedMs: t.exposeFloat('askedMs'),
        lowMs: t.exposeFloat('lowMs', { nullable: true }),
        highMs: t.exposeFloat('highMs', { nullable: true }),
        exact: t.exposeBoolean('exact'),
        interpolated: t.exposeBoolean('interpolated'),
      }),
    });
  const Objective = builder
    .objectRef<SloObjectiveStatus>('SloObjective')
    .implement({
      fields: t => ({
        name: t.exposeString('name'),
        title: t.exposeString('title', { nullable: true }),
        target: t.exposeFloat('target', { description: 'Percent.' }),
        unit: t.exposeString('unit', {
          description: '`requests`, or `seconds` of time slices.',
        }),
        budget: t.expose('budget', { type: Budget }),
        good: t.exposeFloat('good'),
        total: t.exposeFloat('total'),
        bad: t.exposeFloat('bad'),
        allowedBad: t.exposeFloat('allowedBad', { nullable: true }),
        unknown: t.exposeFloat('unknown', {
          nullable: true,
          description: 'Estimate of what is unknown; null: no basis for one.',
        }),
        coverage: t.exposeFloat('coverage', { nullable: true }),
        burn: t.expose('burn', { type: [Burn] }),
        threshold: t.expose('threshold', { type: Threshold, nullable: true }),
      }),
    });
  const Rule = builder
    .objectRef<SloDetail['rules'][number]>('BurnRule')
    .implement({
      description: 'An alert rule over a long and a short window.',
      fields: t => ({
        severity: t.expose('severity', { type: SloSeverity }),
        longSeconds: t.exposeInt('longSeconds'),
        shortSeconds: t.exposeInt('shortSeconds'),
        factor: t.exposeFloat('factor'),
        longBurn: t.exposeFloat('longBurn', { nullable: true }),
        shortBurn: t.exposeFloat('shortBurn', { nullable: true }),
        state: t.exposeString('state', {
          description: '`burning`, `quiet` or `unknown`.',
        }),
      }),
    });
  const Column = builder
    .objectRef<SloBurnDown['burn'][number]>('SloColumn')
    .implement({
      fields: t => ({
        objective: t.exposeString('objective'),
        values: t.expose('values', { type: ['Float'], nullable: NULLS }),
      }),
    });
  const BurnDown = builder.objectRef<SloBurnDown>('SloBurnDown').implement({
    description: 'Columns: element i of each belongs to element i of `times`.',
    fields: t => ({
      stepSeconds: t.exposeInt('stepSeconds'),
      times: t.expose('times', { type: ['DateTime'] }),
      remaining: t.expose('remaining', { type: [Column] }),
      burn: t.expose('burn', { type: [Column] }),
      known: t.expose('known', { type: ['Float'], nullable: NULLS }),
    }),
  });
  const HeatMap = builder.objectRef<SloHeatMap>('SloHeatMap').implement({
    fields: t => ({
      from: t.expose('from', { type: 'DateTime' }),
      stepSeconds: t.exposeInt('stepSeconds'),
      objective: t.exposeString('objective'),
      states: t.expose('states', { type: [SloSliceState] }),
      burn: t.expose('burn', { type: ['Float'], nullable: NULLS }),
    }),
  });
  const LatencyOf = builder.objectRef<SloLatency>('SloLatency').implement({
    description:
      'Requests in each bucket, not cumulative; the last is above all edges.',
    fields: t => ({
      from: t.expose('from', { type: 'DateTime' }),
      to: t.expose('to', { type: 'DateTime' }),
      edgesMs: t.exposeFloatList('edgesMs'),
      ok: t.exposeFloatList('ok'),
      failed: t.exposeFloatList('failed'),
    }),
  });
  const Part = builder.objectRef<SloPart>('SloPart').implement({
    description: 'One service as one cluster saw it, over the window.',
    fields: t => ({
      objective: t.exposeString('objective'),
      service: t.exposeString('service'),
      cluster: t.exposeString('cluster'),
      total: t.exposeFloat('total'),
      bad: t.exposeFloat('bad'),
      known: t.exposeFloat('known', { nullable: true }),
      silent: t.exposeBoolean('silent'),
    }),
  });
  const Event = builder.objectRef<SloEvent>('SloEvent').implement({
    fields: t => ({
      at: t.expose('at', { type: 'DateTime' }),
      kind: t.expose('kind', { type: SloEventKind }),
      title: t.exposeString('title'),
      actor: t.exposeString('actor', { nullable: true }),
      service: t.exposeString('service', { nullable: true }),
      cluster: t.exposeString('cluster', { nullable: true }),
      severity: t.expose('severity', { type: SloSeverity, nullable: true }),
      url: t.exposeString('url', { nullable: true }),
      paths: t.exposeStringList('paths', { nullable: true }),
      judgement: t.exposeBoolean('judgement', {
        nullable: true,
        description: 'Of a definition: it changed what is judged.',
      }),
    }),
  });
  return builder.objectRef<SloDetail>('SloDetail').implement({
    fields: t => ({
      description: t.exposeString('description', { nullable: true }),
      spec: t.field({ type: 'JSON', resolve: d => d.spec }),
      objectives: t.expose('objectives', { type: [Objective] }),
      rules: t.expose('rules', { type: [Rule] }),
      rulesDerived: t.exposeBoolean('rulesDerived'),
      rulesCapped: t.exposeBoolean('rulesCapped'),
      burnDown: t.expose('burnDown', { type: BurnDown }),
      heatMap: t.expose('heatMap', { type: HeatMap }),
      latency: t.expose('latency', { type: LatencyOf, nullable: true }),
      parts: t.expose('parts', { type: [Part] }),
      events: t.expose('events', { type: [Event] }),
      dataFrom: t.expose('dataFrom', {
        type: 'DateTime',
        nullable: true,
        description:
          'How far back there is data; later than `from`: the window is not filled yet.',
      }),
    }),
  });
}
