import type { KubernetesObject } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';

/** One change of one object, in the order in which it happened. */
export interface StoreEvent {
  resourceVersion: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** After the change; for a deletion the last state with a new version. */
  object: KubernetesObject;
  /** Before the change: a selector may have matched it. */
  previous?: KubernetesObject;
}

type Listener = (event: StoreEvent) => void;

/** Events kept per resource type for watches that start in the past. */
const HISTORY_LIMIT = 5_000;

interface Collection {
  /** namespace ('' when cluster-scoped) → name → object */
  namespaces: Map<string, Map<string, KubernetesObject>>;
  history: StoreEvent[];
  /** Watches from before this version are told 410. */
  compacted: number;
  listeners: Set<Listener>;
}

/** What survives a restart. */
export interface StoreSnapshot {
  resourceVersion: number;
  objects: KubernetesObject[];
}

/**
 * The objects of one server, by resource type, with one version counter.
 * Objects are never changed in place: a write replaces the object.
 */
export class ObjectStore {
  #version: number;
  readonly #collections = new Map<string, Collection>();
  readonly #observers = new Set<Listener>();

  constructor(firstVersion = 1_000) {
    this.#version = firstVersion;
  }

  /** The newest resource version of the server. */
  get resourceVersion(): number {
    return this.#version;
  }

  #collection(type: ResourceType): Collection {
    const id = `${apiVersionOf(type)}/${type.plural}`;
    let collection = this.#collections.get(id);
    if (!collection) {
      collection = {
        namespaces: new Map(),
        history: [],
        compacted: 0,
        listeners: new Set(),
      };
      this.#collections.set(id, collection);
    }
    return collection;
  }

  get(
    type: ResourceType,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    return this.#collection(type).namespaces.get(namespace)?.get(name);
  }

  /** Objects of a namespace, or of all; sorted by namespace and name. */
  list(type: ResourceType, namespace?: string): KubernetesObject[] {
    const { namespaces } = this.#collection(type);
    const wanted =
      namespace === undefined ? [...namespaces.keys()].sort() : [namespace];
    return wanted.flatMap(key => {
      const objects = namespaces.get(key);
      if (!objects) return [];
      return [...objects.keys()].sort().map(name => objects.get(name)!);
    });
  }

  /** Stores an object and gives it the next resource version. */
  put(type: ResourceType, object: KubernetesObject): KubernetesObject {
    const collection = this.#collection(type);
    const namespace = object.metadata.namespace ?? '';
    const { name } = object.metadata;
    let objects = collection.namespaces.get(namespace);
    if (!objects) {
      objects = new Map();
      collection.namespaces.set(namespace, objects);
    }
    const previous = objects.get(name);
    const stored = this.#stamp(object);
    objects.set(name, stored);
    this.#publish(collection, {
      resourceVersion: this.#version,
      type: previous ? 'MODIFIED' : 'ADDED',
      object: stored,
      previous,
    });
    return stored;
  }

  /** Removes an object; undefined when it was not there. */
  remove(
    type: ResourceType,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    const collection = this.#collection(type);
    const objects = collection.namespaces.get(namespace);
    const previous = objects?.get(name);
    if (!objects || !previous) return undefined;
    objects.delete(name);
    if (objects.size === 0) collection.namespaces.delete(namespace);
    this.#publish(collection, {
      resourceVersion: this.#version + 1,
      type: 'DELETED',
      object: this.#stamp(previous),
      previous,
    });
    return previous;
  }

  #stamp(object: KubernetesObject): KubernetesObject {
    this.#version += 1;
    return {
      ...object,
      metadata: {
        ...object.metadata,
        resourceVersion: String(this.#version),
      },
    };
  }

  #publish(collection: Collection, event: StoreEvent) {
    collection.history.push(event);
    if (collection.history.length > HISTORY_LIMIT * 1.2) {
      const dropped = collection.history.splice(
        0,
        collection.history.length - HISTORY_LIMIT,
      );
      collection.compacted = dropped[dropped.length - 1].resourceVersion;
    }
    for (const listener of collection.listeners) listener(event);
    for (const observer of this.#observers) observer(event);
  }

  /**
   * Events after a version, or undefined when that history is gone.
   */
  since(type: ResourceType, version: number): StoreEvent[] | undefined {
    const { history, compacted } = this.#collection(type);
    if (version < compacted) return undefined;
    return history.filter(event => event.resourceVersion > version);
  }

  /** The oldest version a watch of the type may start from. */
  compactedVersion(type: ResourceType): number {
    return this.#collection(type).compacted;
  }

  /** Calls back for every later event of a type; returns the way to stop. */
  subscribe(type: ResourceType, listener: Listener): () => void {
    const { listeners } = this.#collection(type);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Calls back for every later event of any type. */
  observe(listener: Listener): () => void {
    this.#observers.add(listener);
    return () => this.#observers.delete(listener);
  }

  /** Forgets all history: watches from any earlier version get 410. */
  compact() {
    // The counter moves, so that even a client that is up to date is behind.
    this.#version += 1;
    for (const collection of this.#collections.values()) {
      collection.history = [];
      collection.compacted = this.#version;
    }
  }

  /** Every object, for a snapshot. */
  snapshot(): StoreSnapshot {
    const objects: KubernetesObject[] = [];
    for (const { namespaces } of this.#collections.values()) {
      for (const inNamespace of namespaces.values()) {
        objects.push(...inNamespace.values());
      }
    }
    return { resourceVersion: this.#version, objects };
  }

  /** Loads objects with the versions that they had; history starts empty. */
  restore(
    snapshot: StoreSnapshot,
    typeOf: (object: KubernetesObject) => ResourceType | undefined,
  ) {
    this.#version = Math.max(this.#version, snapshot.resourceVersion);
    for (const object of snapshot.objects) {
      const type = typeOf(object);
      if (!type) continue;
      const { namespaces } = this.#collection(type);
      const namespace = object.metadata.namespace ?? '';
      let objects = namespaces.get(namespace);
      if (!objects) {
        objects = new Map();
        namespaces.set(namespace, objects);
      }
      objects.set(object.metadata.name, object);
    }
    for (const collection of this.#collections.values()) {
      collection.compacted = this.#version;
    }
  }
}
