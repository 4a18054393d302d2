import {
  LABEL_MANAGED_BY,
  MANAGED_BY,
  objectKey,
  readObjectKey,
} from '@isthmus/plugin-gns-common';
import { Clock } from '../timing/Clock';
import { Intervals } from '../timing/Intervals';
import { Logger } from '../logging';
import { KubeApi, KubeObject, KubeResource } from '../kube/KubeApi';
import { OWNED_RESOURCES, ownedResource } from '../kube/resources';
import { Reflector } from '../kube/Reflector';
import { gnsOf, mayDelete } from './ownership';

export interface LiveObjectsOptions {
  kube: KubeApi;
  clock: Clock;
  intervals: Pick<Intervals, 'kubeBackoff' | 'watchSilence' | 'relist'>;
  logger: Logger;
  clusterId: string;
  /** An object was added, changed or deleted in the cluster. */
  onChange(key: string): void;
}

/** Objects with our label as they are in the cluster now, followed by watches. */
export class LiveObjects {
  readonly #options: LiveObjectsOptions;
  readonly #objects = new Map<string, KubeObject>();
  readonly #reflectors = new Map<KubeResource, Reflector>();
  readonly #settled: Promise<void>;

  static create(options: LiveObjectsOptions): LiveObjects {
    return new LiveObjects(options);
  }

  private constructor(options: LiveObjectsOptions) {
    this.#options = options;
    this.#settled = Promise.all(
      OWNED_RESOURCES.map(resource => this.#follow(resource)),
    ).then(() => {});
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#reflectors.values()].map(reflector => reflector.run(signal)),
    );
  }

  /** Resolves when every kind was listed once, or failed to. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Whether absence from here means absence from the cluster, for objects of ours. */
  isSynced(resource?: KubeResource): boolean {
    const reflectors = resource
      ? [this.#reflectors.get(resource)]
      : [...this.#reflectors.values()];
    return reflectors.every(
      r => r !== undefined && (r.state.synced || r.state.missing),
    );
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  /** Whether an object of ours with this key exists; true as well when we cannot know. */
  mayExist(key: string): boolean {
    const live = this.#objects.get(key);
    if (live) return mayDelete(this.#options.clusterId, live);
    const parts = readObjectKey(key);
    const resource = parts && ownedResource(parts);
    return resource !== undefined && !this.isSynced(resource);
  }

  /** All objects that we own, sorted by key. */
  owned(): Array<{ key: string; gns: string }> {
    return [...this.#objects]
      .filter(([, object]) => mayDelete(this.#options.clusterId, object))
      .map(([key, object]) => ({ key, gns: gnsOf(object) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Takes the answer to our own write, so that the watch need not come first. */
  learn(object: KubeObject, resource: KubeResource): void {
    const key = keyOf(object, resource);
    if (!isOlder(object, this.#objects.get(key))) {
      this.#objects.set(key, slim(object, resource));
    }
  }

  forget(key: string): void {
    this.#objects.delete(key);
  }

  #follow(resource: KubeResource): Promise<void> {
    return new Promise(resolve => {
      const { onChange } = this.#options;
      this.#reflectors.set(
        resource,
        Reflector.create({
          ...this.#options,
          resource,
          selector: { labelSelector: `${LABEL_MANAGED_BY}=${MANAGED_BY}` },
          handlers: {
            onUpsert: object => {
              const key = keyOf(object, resource);
              // The watch may tell of a state before our last write.
              if (isOlder(object, this.#objects.get(key))) return;
              this.#objects.set(key, slim(object, resource));
              onChange(key);
            },
            onDelete: name => {
              const [namespace, ...rest] = name.split('/');
              const key = objectKey({
                ...resource,
                metadata: { name: rest.join('/'), namespace },
              });
              this.#objects.delete(key);
              onChange(key);
            },
            onState: () => resolve(),
          },
        }),
      );
    });
  }
}

function keyOf(object: KubeObject, resource: KubeResource): string {
  return objectKey({ ...resource, metadata: object.metadata });
}

/** Without `status`, and with the names of field managers only. */
function slim(object: KubeObject, resource: KubeResource): KubeObject {
  const { name, namespace, uid, resourceVersion, labels, annotations } =
    object.metadata;
  const entries = object.metadata.managedFields;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      labels,
      annotations,
      managedFields: Array.isArray(entries)
        ? entries.map((e: { manager?: unknown; operation?: unknown }) => ({
            manager: e?.manager,
            operation: e?.operation,
          }))
        : [],
    },
    spec: object.spec,
  };
}

/** Resource versions are comparable numbers (KEP-5504); others count as newer. */
function isOlder(object: KubeObject, known: KubeObject | undefined): boolean {
  const a = object.metadata.resourceVersion ?? '';
  const b = known?.metadata.resourceVersion ?? '';
  if (!/^[0-9]{1,30}$/.test(a) || !/^[0-9]{1,30}$/.test(b)) return false;
  if (object.metadata.uid !== known?.metadata.uid) return false;
  return BigInt(a) < BigInt(b);
}
