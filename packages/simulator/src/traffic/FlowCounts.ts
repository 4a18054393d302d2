import {
  behaviourOf,
  meanMs,
  shareUpTo,
  type Outcome,
  type Viewpoint,
} from './behaviour';
import type { Flow } from './flows';
import { INCIDENT_KINDS, type Incidents } from './incidents';
import type { Rhythm } from './rhythm';

interface Stretch {
  readonly from: number;
  /** The rhythm's sum up to `from`. */
  readonly rhythmAt: number;
  readonly outcomes: readonly Outcome[];
}

/** What a series counts: all requests of an outcome, those up to a bound, or their durations. */
export interface Counted {
  readonly outcome: Pick<Outcome, 'code' | 'status' | 'flags'>;
  readonly bound?: number;
  readonly durations?: true;
}

function isSame(a: Counted['outcome'], b: Outcome): boolean {
  return a.code === b.code && a.status === b.status && a.flags === b.flags;
}

/** How much of an outcome a series counts, per request of the flow. */
function weightOf(outcomes: readonly Outcome[], counted: Counted): number {
  let weight = 0;
  for (const outcome of outcomes) {
    if (!isSame(counted.outcome, outcome)) continue;
    if (counted.durations) weight += outcome.share * meanMs(outcome.medianMs);
    else if (counted.bound === undefined) weight += outcome.share;
    else weight += outcome.share * shareUpTo(counted.bound, outcome.medianMs);
  }
  return weight;
}

/**
 * Exact totals of a flow as one side sees it, at any time: between two turns of
 * incidents its outcomes have fixed shares, and the rhythm's sum is known.
 */
export class FlowCounts {
  readonly #stretches: readonly Stretch[];
  readonly #weights = new Map<string, number[]>();

  constructor(
    private readonly flow: Flow,
    private readonly viewpoint: Viewpoint,
    private readonly rhythm: Rhythm,
    /** As they are now; after a change counts are made anew. */
    private readonly incidents: Incidents,
  ) {
    this.#stretches = this.#cut();
  }

  #cut(): Stretch[] {
    return [0, ...this.incidents.turns()].map(from => ({
      from,
      rhythmAt: this.rhythm.sumTo(from),
      outcomes: behaviourOf(
        this.flow,
        this.viewpoint,
        new Set(INCIDENT_KINDS.filter(kind => this.incidents.isOn(kind, from))),
      ),
    }));
  }

  /** All kinds of outcomes that ever happen. */
  outcomes(): Counted['outcome'][] {
    const found = new Map<string, Counted['outcome']>();
    for (const { outcomes } of this.#stretches) {
      for (const { code, status, flags } of outcomes) {
        found.set(`${code} ${status} ${flags}`, { code, status, flags });
      }
    }
    return [...found.values()];
  }

  /** The total up to a time, per request per second of the flow's average. `key` names what is counted. */
  upTo(time: number, key: string, counted: Counted): number {
    let weights = this.#weights.get(key);
    if (!weights) {
      weights = this.#stretches.map(s => weightOf(s.outcomes, counted));
      this.#weights.set(key, weights);
    }
    let total = 0;
    for (let i = 0; i < this.#stretches.length; i += 1) {
      const { from, rhythmAt } = this.#stretches[i];
      if (time <= from) break;
      const next = this.#stretches[i + 1];
      const end =
        next && next.from < time ? next.rhythmAt : this.rhythm.sumTo(time);
      total += weights[i] * (end - rhythmAt);
    }
    return total * this.flow.perSecond;
  }
}
