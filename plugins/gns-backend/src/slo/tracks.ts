import {
  durationMs,
  SLICE_MINUTES,
  type ServiceLevelObjectiveSpec,
  type SloObjective,
} from '@isthmus/plugin-gns-common';
import type { IncrementQuery } from '../telemetry/increments/types';
import { errorBudget } from './budget';
import { differingStatuses } from './judgeRequests';
import {
  floorTo,
  HOUR,
  QUARTER,
  windowAt,
  type ObjectiveWindow,
} from './windows';

/** One budget of a definition: an objective, or all of them joined. */
export interface Track {
  /** Of the objective; of joined ones the first. */
  readonly name: string;
  readonly objectives: readonly SloObjective[];
  readonly target: number;
  /** Share that may be bad. */
  readonly budget: number;
  readonly weight: number;
}

/** The budgets of a definition: one with `combine: all`, else one per objective. */
export function tracksOf(spec: ServiceLevelObjectiveSpec): Track[] {
  const track = (objectives: readonly SloObjective[]): Track => ({
    name: objectives[0].name,
    objectives,
    target: objectives[0].target,
    budget: errorBudget(objectives[0].target),
    weight: spec.combine === 'weighted' ? objectives[0].weight : 1,
  });
  return spec.combine === 'all'
    ? [track(spec.objectives)]
    : spec.objectives.map(objective => track([objective]));
}

/** What is counted, and the grain in which the past is kept. */
export interface Grain {
  readonly unit: 'requests' | 'seconds';
  /** Seconds: a quarter of an hour, or a time slice. */
  readonly step: number;
  /** Slices begin with the window: offset to whole steps of UTC, seconds. */
  readonly phase: number;
}

export function grainOf(
  spec: ServiceLevelObjectiveSpec,
  window: ObjectiveWindow,
): Grain {
  if (spec.method.type === 'requests') {
    return { unit: 'requests', step: QUARTER, phase: 0 };
  }
  const step = SLICE_MINUTES[spec.method.length] * 60;
  // A calendar window may begin at a quarter past: its slices of an hour do, too.
  const phase = window.resetsAt === undefined ? 0 : window.from % HOUR;
  return { unit: 'seconds', step, phase };
}

/** The window as it can be judged now: of time slices only whole ones. */
export function judgedWindow(
  spec: ServiceLevelObjectiveSpec,
  now: number,
): ObjectiveWindow {
  const window = windowAt(spec.window, now);
  const { unit, step, phase } = grainOf(spec, window);
  if (unit === 'requests') return window;
  const until = Math.max(window.from, floorTo(now - phase, step) + phase);
  return window.resetsAt === undefined
    ? { from: floorTo(window.from, step), to: until, until }
    : { ...window, until };
}

/** What is read for a definition: one query per service. */
export function queriesOf(
  gns: string,
  spec: ServiceLevelObjectiveSpec,
): IncrementQuery[] {
  const edges = spec.objectives.flatMap(({ indicator }) =>
    'threshold' in indicator ? [durationMs(indicator.threshold)] : [],
  );
  return spec.services.map(service => ({
    gns,
    service,
    view: spec.view,
    latencyEdgesMs: [...new Set(edges)].sort((a, b) => a - b),
    grpcStatuses: differingStatuses(spec.errors),
  }));
}

/** Two specs with the same key are judged by the same tallies: targets, windows and words may differ. */
export function judgementKey(
  gns: string,
  spec: ServiceLevelObjectiveSpec,
  phase: number,
): string {
  return JSON.stringify([
    gns,
    spec.services,
    spec.view,
    spec.errors,
    spec.method,
    phase,
    spec.combine === 'all',
    spec.objectives.map(o => [o.indicator, o.slice]),
  ]);
}
