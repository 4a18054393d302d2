import { Clock } from '../../timing/Clock';

/**
 * Since when something has held without a break: for what needs a while after
 * it became true before others can rely on it.
 */
export class HeldFor {
  readonly #since = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    /** Milliseconds. */
    private readonly long: number,
  ) {}

  /** Whether it holds, and did so at each look for at least so long. `key` names what is looked at. */
  has(key: string, holds: boolean): boolean {
    if (!holds) {
      this.#since.delete(key);
      return false;
    }
    const since = this.#since.get(key) ?? this.clock.now();
    this.#since.set(key, since);
    return this.clock.now() - since >= this.long;
  }
}
