/**
 * Rate limits by key: each bucket holds `burst` tokens and gains `perSecond`.
 * In memory, so per replica; keyed by cluster, so that clusters behind one
 * address do not share a bucket.
 */
export class TokenBuckets {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #options: { perSecond: number; burst: number; now: () => number };

  constructor(options: {
    perSecond: number;
    burst: number;
    now: () => number;
  }) {
    this.#options = options;
  }

  /** Takes a token. @returns 0 when there was one, else the seconds until the next. */
  take(key: string): number {
    const { perSecond, burst, now } = this.#options;
    const at = now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at };
    const tokens = Math.min(
      burst,
      bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * perSecond,
    );
    const left = tokens >= 1 ? tokens - 1 : tokens;
    this.#buckets.set(key, { tokens: left, at });
    return tokens >= 1 ? 0 : (1 - tokens) / perSecond;
  }

  /** Forgets a cluster that left. */
  forget(key: string): void {
    this.#buckets.delete(key);
  }
}
