import { Clock } from '../timing/Clock';

const MAX = 300_000;

/** How far our clock is behind the hub's, learnt from its `Date` headers; at most ± 5 minutes are believed. */
export class ClockSkew {
  #offset = 0;
  #measured = 0;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** `sentAt`: our time when the request went out. */
  learn(date: string | undefined, sentAt: number): void {
    const theirs = date ? Date.parse(date) : NaN;
    if (Number.isNaN(theirs)) return;
    // The header has whole seconds, and the answer took some time.
    const now = this.clock.now();
    const earliest = theirs - now;
    const latest = theirs + 1_000 - sentAt;
    this.#measured =
      earliest <= 0 && latest >= 0 ? 0 : Math.round((earliest + latest) / 2);
    this.#offset = Math.max(-MAX, Math.min(MAX, this.#measured));
  }

  /** The hub's time as far as we know, milliseconds. */
  now(): number {
    return this.clock.now() + this.#offset;
  }

  /** Milliseconds that our clock is behind, as measured. */
  get measured(): number {
    return this.#measured;
  }

  /** Beyond what is believed: tokens will not be accepted. */
  get tooLarge(): boolean {
    return Math.abs(this.#measured) > MAX;
  }
}
