import { Clock } from '../../timing/Clock';

/**
 * Since when something has been the same: for what needs a while before others
 * can rely on it.
 */
export class HeldFor {
  readonly #known = new Map<string, { value: string; since: number }>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    /** Milliseconds. */
    private readonly long: number,
  ) {}

  /**
   * Whether it was `value` at each look for at least so long.
   *
   * @param key - what is looked at
   * @param value - undefined: it does not hold
   */
  has(key: string, value: string | undefined): boolean {
    if (value === undefined) {
      this.#known.delete(key);
      return false;
    }
    let known = this.#known.get(key);
    if (known?.value !== value) {
      known = { value, since: this.clock.now() };
      this.#known.set(key, known);
    }
    return this.clock.now() - known.since >= this.long;
  }
}
