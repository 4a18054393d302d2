import { Clock } from '../../timing/Clock';

/** So many at once, and so many more each second. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/**
 * What one cluster's controller signs. A pod asks about every half leaf life,
 * and some times in a row when it starts, so each of these is far above what
 * honest workloads need: 2,000 pods of one service account may start at once.
 */
export interface IssuingRates {
  /** All certificates of this replica. */
  cluster: Rate;
  /** One service account. */
  identity: Rate;
  /** One pod. */
  pod: Rate;
}

export const DEFAULT_RATES: IssuingRates = {
  cluster: { burst: 5_000, perSecond: 500 },
  identity: { burst: 2_500, perSecond: 50 },
  pod: { burst: 20, perSecond: 0.2 },
};

/** Most keys that are remembered; the longest unused are forgotten, and begin anew. */
const MAX_KEYS = 50_000;

/** A bucket for each key, filled at `perSecond` up to `burst`. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly rate: Rate,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Whether nothing is left; counts nothing. */
  isSpent(key: string): boolean {
    return this.#tokensOf(key) < 1;
  }

  #tokensOf(key: string): number {
    const { burst, perSecond } = this.rate;
    const known = this.#buckets.get(key);
    if (!known) return burst;
    const seconds = Math.max(0, this.clock.now() - known.at) / 1000;
    return Math.min(burst, known.tokens + seconds * perSecond);
  }

  /** Whether one more is within the limit; if so, it counts. */
  take(key: string): boolean {
    const now = this.clock.now();
    const tokens = this.#tokensOf(key);
    const taken = tokens >= 1;
    // Last in order of use.
    this.#buckets.delete(key);
    // A refusal takes nothing: who asks faster than the bucket fills still gets its share.
    this.#buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MAX_KEYS) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    return taken;
  }
}

/** The limits of one replica. */
export class RateLimits {
  readonly #cluster: RateLimit;
  readonly #identity: RateLimit;
  readonly #pod: RateLimit;

  constructor(rates: IssuingRates, clock: Pick<Clock, 'now'>) {
    this.#cluster = new RateLimit(rates.cluster, clock);
    this.#identity = new RateLimit(rates.identity, clock);
    this.#pod = new RateLimit(rates.pod, clock);
  }

  /** Which limit one more certificate would pass; undefined: none, and it counts. */
  exceeded(caller: {
    namespace: string;
    serviceAccount: string;
    podUid: string;
  }): 'pod' | 'service account' | 'cluster' | undefined {
    // The narrowest first: what one pod may not have shall cost the others nothing.
    if (!this.#pod.take(caller.podUid)) return 'pod';
    if (!this.#identity.take(`${caller.namespace}/${caller.serviceAccount}`)) {
      return 'service account';
    }
    return this.#cluster.take('') ? undefined : 'cluster';
  }
}
