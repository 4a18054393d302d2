/** Remembers the most recently used things up to a weight; what falls out is made again. */
export class Recent<T> {
  readonly #items = new Map<string, { item: T; weight: number }>();
  readonly #limit: number;
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const found = this.#items.get(key);
    if (!found) return undefined;
    // Maps keep the order of insertion: the first is the one unused for longest.
    this.#items.delete(key);
    this.#items.set(key, found);
    return found.item;
  }

  set(key: string, item: T, weight = 1): void {
    this.delete(key);
    this.#items.set(key, { item, weight });
    this.#weight += weight;
    for (const oldest of this.#items.keys()) {
      if (this.#weight <= this.#limit) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const found = this.#items.get(key);
    if (!found) return;
    this.#items.delete(key);
    this.#weight -= found.weight;
  }
}

/** Makes each thing once, however many ask for it at the same time; a failure is forgotten. */
export class MadeOnce<T> {
  readonly #recent: Recent<Promise<T>>;

  constructor(limit: number) {
    this.#recent = new Recent(limit);
  }

  of(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#recent.get(key);
    if (known) return known;
    const made = make();
    this.#recent.set(key, made);
    made.catch(() => this.#recent.delete(key));
    return made;
  }
}
