import { DeletionEvidence } from '@isthmus/plugin-gns-common';
import { Clock, isoTime } from '../timing/Clock';

const WINDOW = 600_000;
const MAX = 5_000;

/** Deletions that live watches saw in the last ten minutes. */
export class Evidence {
  readonly #seen = new Map<
    string,
    { namespace: string; name: string; at: number }
  >();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** A live watch saw it go. */
  record(namespace: string, name: string): void {
    const key = `${namespace}/${name}`;
    // Deleted and set again, so that the map stays ordered by time.
    this.#seen.delete(key);
    this.#seen.set(key, { namespace, name, at: this.clock.now() });
    if (this.#seen.size > MAX) {
      const [first] = this.#seen.keys();
      this.#seen.delete(first);
    }
  }

  list(): DeletionEvidence[] {
    const since = this.clock.now() - WINDOW;
    for (const [key, { at }] of this.#seen) {
      if (at >= since) break;
      this.#seen.delete(key);
    }
    return [...this.#seen.values()].map(({ namespace, name, at }) => ({
      namespace,
      name,
      at: isoTime(at),
    }));
  }
}
