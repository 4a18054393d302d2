import type {
  ServiceLevelObjectiveSpec,
  SloState,
} from '@isthmus/plugin-gns-common';
import { combinedBurn, MIN_COVERAGE } from './alerts';
import { budgetOf, burnRate, secondsToExhaustion, type Budget } from './budget';
import { combine, worstOf, type Combined } from './combine';
import { readRules, type Rules } from './rules';
import { badOf, coverage, timeCoverage, type Tally } from './tally';
import type { Track } from './tracks';
import { DAY, HOUR, seconds, type ObjectiveWindow, type Span } from './windows';

/** One budget, and its tally over any span. */
export interface TalliedTrack {
  readonly track: Track;
  readonly sum: (span: Span) => Tally;
}

export interface BurnWindow {
  readonly windowSeconds: number;
  /** Null: no traffic, or nothing known. */
  readonly burn: number | null;
  readonly coverage: number | null;
}

/** One budget, judged. */
export interface TrackStatus {
  readonly track: Track;
  readonly tally: Tally;
  readonly budget: Budget;
  readonly burn: readonly BurnWindow[];
  /** Bad in the last hour, as the budget counts. */
  readonly badLastHour: number;
}

/** What is said of one definition at one moment. */
export interface Evaluation {
  readonly window: ObjectiveWindow;
  readonly unit: 'requests' | 'seconds';
  readonly state: SloState;
  readonly tracks: readonly TrackStatus[];
  /** The budget that speaks for all. */
  readonly worst: TrackStatus;
  readonly combined: Combined;
  /** Of all budgets: the highest, or their mean by weight. */
  readonly burn: readonly BurnWindow[];
  /** Null: not in sight. */
  readonly secondsToExhaustion: number | null;
  readonly rules: Rules;
  /** A part of the window is unknown. */
  readonly partial: boolean;
}

/** Places in {@link burnWindows}. */
const SHORT = 0;
const LAST_HOUR = 1;

/** Where burn is shown, seconds; with longer time slices, at least one of them. */
export function burnWindows(grainSeconds: number): number[] {
  return [300, HOUR, 6 * HOUR, DAY].map(w => Math.max(w, grainSeconds));
}

/** Judges a definition. Pure: over tallies that were read before. */
export function evaluate(
  spec: ServiceLevelObjectiveSpec,
  tallied: readonly TalliedTrack[],
  options: {
    window: ObjectiveWindow;
    unit: 'requests' | 'seconds';
    /** Of requests a minute, of time slices their length. */
    grainSeconds: number;
  },
): Evaluation {
  const { window, unit, grainSeconds } = options;
  const recently = tallied.map(({ track, sum }) => ({
    track,
    recent: (length: number) =>
      sum({ from: window.until - length, to: window.until }),
  }));
  const lengths = burnWindows(grainSeconds);
  const tracks = tallied.map(({ track, sum }, i): TrackStatus => {
    const tally = sum({ from: window.from, to: window.until });
    const recent = lengths.map(recently[i].recent);
    return {
      track,
      tally,
      budget: budgetOf(tally, { budget: track.budget, window, unit }),
      burn: recent.map((last, n) => ({
        windowSeconds: lengths[n],
        burn: burnRate(last, track.budget),
        coverage: coverage(last),
      })),
      badLastHour: badOf(recent[LAST_HOUR]),
    };
  });
  const combined = combine(spec.combine, tracks);
  const burn = lengths.map((windowSeconds, i) => ({
    windowSeconds,
    burn:
      spec.combine === 'weighted'
        ? combinedBurn(
            recently.map(({ track, recent }) => ({
              tally: recent(windowSeconds),
              budget: track.budget,
              weight: track.weight,
            })),
          )
        : extreme(
            Math.max,
            tracks.map(t => t.burn[i].burn),
          ),
    coverage: extreme(
      Math.min,
      tracks.map(t => t.burn[i].coverage),
    ),
  }));
  const rules = readRules(spec, recently, {
    periodSeconds: seconds(window),
    grainSeconds,
  });
  return {
    window,
    unit,
    state: stateOf(spec, { combined, tracks, burn, rules }),
    tracks,
    worst: worstOf(tracks),
    combined,
    burn,
    secondsToExhaustion: secondsToExhaustion({
      consumed: combined.consumed,
      burn: burn[LAST_HOUR].burn,
      window,
    }),
    rules,
    partial: tracks.some(t => (timeCoverage(t.tally) ?? 0) < 1),
  };
}

function stateOf(
  spec: ServiceLevelObjectiveSpec,
  found: Pick<Evaluation, 'combined' | 'tracks' | 'burn' | 'rules'>,
): SloState {
  const { verdict } = found.combined;
  if (verdict === 'violated') return 'violated';
  if (verdict === 'noData') return 'noData';
  // Nothing of the last hour: whatever was good before, nobody knows now.
  if ((found.burn[LAST_HOUR].coverage ?? 0) < MIN_COVERAGE) return 'noData';
  const alerting = found.rules.readings.some(r => r.state === 'burning');
  if (alerting || burnsNow(spec, found)) return 'warning';
  if (verdict === 'indeterminate') return 'indeterminate';
  return verdict === 'noTraffic' ? 'noTraffic' : 'healthy';
}

/** Faster than the budget allows, over the last minutes and the last hour; a single bad request is no fire. */
function burnsNow(
  { method, alerts }: ServiceLevelObjectiveSpec,
  { tracks, burn }: Pick<Evaluation, 'tracks' | 'burn'>,
): boolean {
  const bad = Math.max(...tracks.map(t => t.badLastHour));
  if (method.type === 'requests' && bad < alerts.minBadRequests) return false;
  return (burn[SHORT].burn ?? 0) > 1 && (burn[LAST_HOUR].burn ?? 0) > 1;
}

function extreme(
  pick: (...values: number[]) => number,
  values: readonly (number | null)[],
): number | null {
  const known = values.filter((v): v is number => v !== null);
  return known.length > 0 ? pick(...known) : null;
}
