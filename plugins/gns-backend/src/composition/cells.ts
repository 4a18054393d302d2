/** Same length and the same elements by identity. */
export function sameList(
  a: readonly unknown[],
  b: readonly unknown[] | undefined,
): boolean {
  if (a === b) return true;
  if (!b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Results of pure functions by key: each is made again only when one of its
 * arguments is another object or value than last time. Keys that a round did
 * not ask for are forgotten at its end, so that nothing grows without bound.
 */
export class Cells<T> {
  #last = new Map<string, { args: readonly unknown[]; value: T }>();
  #next = new Map<string, { args: readonly unknown[]; value: T }>();

  /** `make` gets the value that the key had before, so that equal parts can be kept. */
  get(
    key: string,
    args: readonly unknown[],
    make: (before: T | undefined) => T,
  ): T {
    const before = this.#last.get(key);
    const cell =
      before && sameList(args, before.args)
        ? before
        : { args, value: make(before?.value) };
    this.#next.set(key, cell);
    return cell.value;
  }

  endRound(): void {
    this.#last = this.#next;
    this.#next = new Map();
  }
}
