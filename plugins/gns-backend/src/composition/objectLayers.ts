import type { ComposedObject } from './types';

/** Objects by host label: one layer per global namespace. */
export type HostLayer = ReadonlyMap<string, readonly ComposedObject[]>;

/**
 * The objects of one cluster: those of its global namespaces as a whole, then
 * those of each host. A map of lists, so that a change of one host copies the
 * list of hosts and not a hundred thousand entries; the index by key is made
 * when it is first asked for.
 */
export class ObjectLayers implements ReadonlyMap<string, ComposedObject> {
  readonly #lists: readonly (readonly ComposedObject[])[];
  readonly #layers: readonly HostLayer[];
  #index: Map<string, ComposedObject> | undefined;

  constructor(
    lists: readonly (readonly ComposedObject[])[],
    layers: readonly HostLayer[],
  ) {
    this.#lists = lists;
    this.#layers = layers;
  }

  *#each(): MapIterator<ComposedObject> {
    for (const list of this.#lists) yield* list;
    for (const layer of this.#layers) {
      for (const list of layer.values()) yield* list;
    }
  }

  #byKey(): Map<string, ComposedObject> {
    if (!this.#index) {
      const index = new Map<string, ComposedObject>();
      for (const list of this.#lists) {
        for (const object of list) index.set(object.key, object);
      }
      for (const layer of this.#layers) {
        for (const list of layer.values()) {
          for (const object of list) index.set(object.key, object);
        }
      }
      this.#index = index;
    }
    return this.#index;
  }

  get size(): number {
    return this.#byKey().size;
  }
  get(key: string): ComposedObject | undefined {
    return this.#byKey().get(key);
  }
  has(key: string): boolean {
    return this.#byKey().has(key);
  }
  *entries(): MapIterator<[string, ComposedObject]> {
    for (const object of this.#each()) yield [object.key, object];
  }
  *keys(): MapIterator<string> {
    for (const object of this.#each()) yield object.key;
  }
  values(): MapIterator<ComposedObject> {
    return this.#each();
  }
  [Symbol.iterator](): MapIterator<[string, ComposedObject]> {
    return this.entries();
  }
  forEach(
    callback: (
      value: ComposedObject,
      key: string,
      map: ReadonlyMap<string, ComposedObject>,
    ) => void,
  ): void {
    for (const object of this.#each()) callback(object, object.key, this);
  }
}
