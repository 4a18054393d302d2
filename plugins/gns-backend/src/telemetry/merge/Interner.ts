/** Numbers things by a key, from 0, in the order of their first appearance. */
export class Interner<T> {
  readonly #numbers = new Map<string, number>();
  readonly #items: T[] = [];

  of(key: string, item: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#items.length;
    this.#numbers.set(key, number);
    this.#items.push(item);
    return number;
  }

  get(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  get items(): readonly T[] {
    return this.#items;
  }
}
