import { Clock } from '../timing/Clock';

const WINDOW = 60_000;
const REPAIRS = 5;

/** Keeps two writers that both insist from rewriting one object for ever. */
export class RepairLimit {
  readonly #repairs = new Map<string, number[]>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Counts a repair; milliseconds to wait first, 0 for at once. */
  waitBefore(key: string): number {
    const now = this.clock.now();
    const recent = (this.#repairs.get(key) ?? []).filter(
      at => at > now - WINDOW,
    );
    if (recent.length >= REPAIRS) {
      this.#repairs.set(key, recent);
      return recent[0] + WINDOW - now;
    }
    this.#repairs.set(key, [...recent, now]);
    return 0;
  }
}
