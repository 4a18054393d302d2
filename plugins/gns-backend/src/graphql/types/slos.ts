import {
  SLO_SLICE_STATES,
  sloEventSchema,
  sloSeveritySchema,
  sloStateSchema,
  sloSummarySchema,
  type SloBudget,
  type SloDetail,
  type SloSummary,
} from '@isthmus/plugin-gns-common';
import { costs, type Builder } from '../builder';
import type { FigureTypes } from './figures';
import { addSloDetailTypes } from './sloDetails';

/** Work of a detail: the whole window is read. */
const DETAIL = 2000;
/** Window of the coverage that stands beside a compliance, seconds: as of its silent clusters. */
const COVERAGE_WINDOW = 3600;

/** Objectives with their compliance. */
export function addSloTypes(builder: Builder, types: FigureTypes) {
  const SloState = builder.enumType('SloState', {
    description:
      'Worst first. `indeterminate`: the unknown part may decide it either way. `noData` is not `noTraffic`.',
    values: sloStateSchema.options,
  });
  const SloSeverity = builder.enumType('SloSeverity', {
    values: sloSeveritySchema.options,
  });
  const SloPurpose = builder.enumType('SloPurpose', {
    values: sloSummarySchema.shape.purpose.options,
  });
  const SloEventKind = builder.enumType('SloEventKind', {
    values: sloEventSchema.shape.kind.options,
  });
  const SloSliceState = builder.enumType('SloSliceState', {
    values: SLO_SLICE_STATES,
  });
  const Bounds = builder
    .objectRef<{ low: number; high: number }>('Bounds')
    .implement({
      fields: t => ({ low: t.exposeFloat('low'), high: t.exposeFloat('high') }),
    });
  const Budget = builder.objectRef<SloBudget>('SloBudget').implement({
    description:
      'Error budget over the window. Missing data never burns it: it widens the bounds.',
    fields: t => ({
      sli: t.exposeFloat('sli', {
        nullable: true,
        description:
          'Share of good of what is known, 0–1; null: no traffic, or nothing known.',
      }),
      sliBounds: t.expose('sliBounds', {
        type: Bounds,
        nullable: true,
        description: 'Whatever the unknown part was; null: as `sli`.',
      }),
      consumed: t.exposeFloat('consumed', { nullable: true }),
      remaining: t.exposeFloat('remaining', {
        nullable: true,
        description: 'Below zero when overspent.',
      }),
      remainingBounds: t.expose('remainingBounds', {
        type: Bounds,
        nullable: true,
      }),
      estimated: t.exposeBoolean('estimated', {
        description: 'The bounds rest on an estimate of unknown traffic.',
      }),
      forecast: t.exposeBoolean('forecast', {
        description: 'A part of the calendar window is still to come.',
      }),
    }),
  });
  const Burn = builder
    .objectRef<SloSummary['burn'][number]>('BurnRate')
    .implement({
      description: '1 uses the budget in exactly one window of the objective.',
      fields: t => ({
        windowSeconds: t.exposeInt('windowSeconds'),
        burn: t.exposeFloat('burn', { nullable: true }),
        coverage: t.exposeFloat('coverage', { nullable: true }),
      }),
    });
  const Alert = builder
    .objectRef<SloSummary['alerts'][number]>('SloAlert')
    .implement({
      fields: t => ({
        severity: t.expose('severity', { type: SloSeverity }),
        since: t.expose('since', { type: 'DateTime' }),
      }),
    });
  type BurningShape = NonNullable<SloSummary['burning']>;
  const Culprit = builder
    .objectRef<BurningShape['culprits'][number]>('Culprit')
    .implement({
      fields: t => ({
        cluster: t.exposeString('cluster'),
        service: t.exposeString('service'),
        share: t.exposeFloat('share', {
          description: 'Of all that was bad in the last hour, 0–1.',
        }),
      }),
    });
  const Burning = builder.objectRef<BurningShape>('Burning').implement({
    description: 'What burns the budget now.',
    fields: t => ({
      objective: t.exposeString('objective'),
      since: t.expose('since', { type: 'DateTime', nullable: true }),
      culprits: t.expose('culprits', { type: [Culprit] }),
    }),
  });
  const Detail = addSloDetailTypes(builder, {
    Budget,
    Burn,
    SloSeverity,
    SloEventKind,
    SloSliceState,
  });

  const Slo = builder.objectRef<SloSummary>('Slo').implement({
    description: 'A service level objective and whether it holds.',
    fields: t => ({
      globalNamespaceName: t.exposeString('gns'),
      name: t.exposeString('name'),
      title: t.exposeString('title', { nullable: true }),
      owner: t.exposeString('owner', { nullable: true }),
      services: t.exposeStringList('services'),
      purpose: t.expose('purpose', { type: SloPurpose }),
      generation: t.exposeInt('generation'),
      state: t.expose('state', { type: SloState }),
      stateSince: t.expose('stateSince', { type: 'DateTime', nullable: true }),
      partial: t.exposeBoolean('partial', {
        description: 'A part of the window is unknown.',
      }),
      objective: t.exposeString('objective', {
        description: 'The one that speaks for all: it used most.',
      }),
      target: t.exposeFloat('target', { description: 'Percent.' }),
      window: t.field({
        type: 'JSON',
        description: 'As in the definition.',
        resolve: s => s.window,
      }),
      from: t.expose('from', { type: 'DateTime' }),
      to: t.expose('to', { type: 'DateTime' }),
      budget: t.expose('budget', { type: Budget }),
      burn: t.expose('burn', {
        type: [Burn],
        description:
          'Of the last 5 minutes (a time slice), hour, 6 hours, day.',
      }),
      exhaustedAt: t.expose('exhaustedAt', {
        type: 'DateTime',
        nullable: true,
        description:
          'When the budget is used up if it goes on as in the last hour; null: not in sight.',
      }),
      coverage: t.exposeFloat('coverage', {
        nullable: true,
        description: 'Share of the requests (or time) that is known, 0–1.',
      }),
      silentClusters: t.exposeStringList('silentClusters', {
        description: 'They said nothing in the last hour.',
      }),
      clusters: t.field({
        type: [types.TelemetryCoverage],
        description: 'Coverage of the last hour by cluster.',
        extensions: costs(() => ({ own: 50, items: 100 })),
        resolve: ({ gns }, _, { caller }) =>
          caller.coverage(gns, COVERAGE_WINDOW),
      }),
      burning: t.expose('burning', {
        type: Burning,
        nullable: true,
        description: 'Null: nothing burns.',
      }),
      alerts: t.expose('alerts', { type: [Alert] }),
      trend: t.expose('trend', {
        type: ['Float'],
        nullable: { list: false, items: true },
        description:
          'What was left of the budget at up to 30 moments, oldest first.',
      }),
      evaluatedTo: t.expose('evaluatedTo', { type: 'DateTime' }),
      detail: t.field({
        type: Detail,
        args: {
          objective: t.arg.string({
            description: 'Which one the slices are of; the worst by default.',
          }),
        },
        extensions: costs(() => ({ own: DETAIL })),
        resolve: (summary, { objective }, { caller }): Promise<SloDetail> =>
          caller.sloDetail(summary, objective ?? undefined),
      }),
    }),
  });
  return { Slo, SloState };
}
export type SloTypes = ReturnType<typeof addSloTypes>;
