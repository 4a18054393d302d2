import type { KubernetesObject } from './objects';
import type { ResourceRegistry } from './registry';
import type { ResourceType } from './resources';
import { RESOURCE_TYPES, findKind, findResource } from './resources';
import type { ObjectStore, StoreEvent } from './store';

const NAMESPACES = findResource('v1', 'namespaces')!;

interface Place {
  type: ResourceType;
  namespace: string;
  name: string;
}

/**
 * What kube-controller-manager does after a deletion: dependents of a deleted
 * owner go, and a deleted namespace takes its contents with it.
 */
export class GarbageCollector {
  /** owner uid → dependent uid → where the dependent is */
  readonly #dependents = new Map<string, Map<string, Place>>();
  readonly #orphaned = new Set<string>();
  readonly #stop: () => void;

  constructor(
    private readonly store: ObjectStore,
    private readonly registry: ResourceRegistry,
  ) {
    for (const object of store.snapshot().objects) this.#index(object, true);
    this.#stop = store.observe(event => this.#observe(event));
  }

  stop() {
    this.#stop();
  }

  /** The next deletion of this owner leaves its dependents alone. */
  orphan(uid: string) {
    this.#orphaned.add(uid);
  }

  #index(object: KubernetesObject, present: boolean) {
    const { uid, name, namespace = '', ownerReferences = [] } = object.metadata;
    const type = findKind(object.apiVersion, object.kind);
    if (!uid || !type) return;
    for (const owner of ownerReferences) {
      let dependents = this.#dependents.get(owner.uid);
      if (present) {
        if (!dependents) {
          dependents = new Map();
          this.#dependents.set(owner.uid, dependents);
        }
        dependents.set(uid, { type, namespace, name });
      } else if (dependents?.delete(uid) && dependents.size === 0) {
        this.#dependents.delete(owner.uid);
      }
    }
  }

  #observe({ type, object, previous }: StoreEvent) {
    if (previous?.metadata.ownerReferences) this.#index(previous, false);
    if (type !== 'DELETED') {
      if (object.metadata.ownerReferences) this.#index(object, true);
      const terminating = object.metadata.deletionTimestamp !== undefined;
      if (object.kind === 'Namespace' && terminating) {
        const { name } = object.metadata;
        setImmediate(() => this.#emptyNamespace(name));
      }
      return;
    }
    const uid = object.metadata.uid ?? '';
    const dependents = [...(this.#dependents.get(uid)?.values() ?? [])];
    if (dependents.length > 0 && !this.#orphaned.delete(uid)) {
      setImmediate(() => dependents.forEach(place => this.#deletePlace(place)));
    }
    const { namespace } = object.metadata;
    if (!namespace) return;
    const home = this.store.get(NAMESPACES, '', namespace);
    if (home?.metadata.deletionTimestamp) {
      setImmediate(() => this.#finishNamespace(namespace));
    }
  }

  #deletePlace(place: Place) {
    const { type, namespace, name } = place;
    if (!this.store.get(type, namespace, name)) return;
    this.registry.delete(place, { dryRun: false });
  }

  #emptyNamespace(namespace: string) {
    for (const type of RESOURCE_TYPES) {
      if (!type.namespaced) continue;
      for (const { metadata } of this.store.list(type, namespace)) {
        this.#deletePlace({ type, namespace, name: metadata.name });
      }
    }
    this.#finishNamespace(namespace);
  }

  #finishNamespace(namespace: string) {
    const left = RESOURCE_TYPES.some(
      type => type.namespaced && this.store.list(type, namespace).length > 0,
    );
    if (!left) this.store.remove(NAMESPACES, '', namespace);
  }
}
