import { Clock } from './Clock';

/** Bounds of a wait between attempts, in milliseconds. */
export interface BackoffLimits {
  first: number;
  max: number;
}

/**
 * Exponential back-off with full jitter: the n-th wait is uniform in
 * (0, min(max, first·2ⁿ)], so that many controllers do not return together.
 */
export class Backoff {
  #attempt = 0;

  constructor(
    private readonly limits: BackoffLimits,
    private readonly clock: Pick<Clock, 'random'>,
  ) {}

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const ceiling = Math.min(
      this.limits.max,
      this.limits.first * 2 ** Math.min(this.#attempt, 30),
    );
    this.#attempt += 1;
    return Math.max(1, Math.round(ceiling * this.clock.random()));
  }

  /** Call after a success. */
  reset(): void {
    this.#attempt = 0;
  }
}

/** `value` ± `share` of it, uniform. */
export function jittered(
  value: number,
  share: number,
  clock: Pick<Clock, 'random'>,
): number {
  return value * (1 + share * (2 * clock.random() - 1));
}
