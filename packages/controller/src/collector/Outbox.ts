import {
  MAX_SLICE_EDGES,
  MAX_SLICES,
  type Resources,
  type SliceInput,
} from '@isthmus/plugin-gns-common';

/** Most slices that wait while the hub is gone: it asks for older ones itself. */
const MOST_WAITING = 180;

/** What the hub does not have yet. */
export class Outbox {
  readonly #slices = new Map<string, SliceInput>();
  #resources: Resources | undefined;

  get size(): number {
    return this.#slices.size;
  }

  get isEmpty(): boolean {
    return this.#slices.size === 0 && this.#resources === undefined;
  }

  /** A later try of the same slice takes the place of an earlier one. */
  add(slices: readonly SliceInput[], resources?: Resources): void {
    for (const slice of slices) {
      const key = keyOf(slice);
      this.#slices.delete(key);
      this.#slices.set(key, slice);
    }
    for (const key of this.#slices.keys()) {
      if (this.#slices.size <= MOST_WAITING) break;
      this.#slices.delete(key);
    }
    if (resources) this.#resources = resources;
  }

  /** What goes into one request: newest first, as many as it holds. */
  batch(most = MAX_SLICES): { slices: SliceInput[]; resources?: Resources } {
    const slices: SliceInput[] = [];
    let edges = 0;
    for (const slice of [...this.#slices.values()].reverse()) {
      edges += slice.state === 'KNOWN' ? slice.edges.view.length : 0;
      const full = slices.length >= most || edges > MAX_SLICE_EDGES;
      if (full && slices.length > 0) break;
      slices.push(slice);
    }
    return { slices, resources: this.#resources };
  }

  /** Forgets what the hub took, unless a later try took its place meanwhile. */
  sent(batch: { slices: readonly SliceInput[]; resources?: Resources }): void {
    for (const slice of batch.slices) {
      if (this.#slices.get(keyOf(slice)) === slice) {
        this.#slices.delete(keyOf(slice));
      }
    }
    if (this.#resources === batch.resources) this.#resources = undefined;
  }
}

function keyOf({ seconds, start }: SliceInput): string {
  return `${seconds} ${start}`;
}
