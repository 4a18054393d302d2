import { PodRecord, PodTemplate } from './readPod';

/** Pods by namespace, their templates kept once for all pods that share one. */
export class PodIndex {
  readonly #byNamespace = new Map<string, Map<string, PodRecord>>();
  readonly #templates = new Map<
    string,
    { template: PodTemplate; users: number }
  >();
  readonly #templateKeys = new WeakMap<PodTemplate, string>();

  set(pod: PodRecord): void {
    const template = this.#intern(pod.template);
    this.delete(pod.namespace, pod.name);
    let pods = this.#byNamespace.get(pod.namespace);
    if (!pods) {
      pods = new Map();
      this.#byNamespace.set(pod.namespace, pods);
    }
    pods.set(pod.name, { ...pod, template });
  }

  /** The pod that was there, if any. */
  delete(namespace: string, name: string): PodRecord | undefined {
    const pods = this.#byNamespace.get(namespace);
    const pod = pods?.get(name);
    if (!pods || !pod) return undefined;
    pods.delete(name);
    if (pods.size === 0) this.#byNamespace.delete(namespace);
    this.#release(pod.template);
    return pod;
  }

  get(namespace: string, name: string): PodRecord | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  inNamespace(namespace: string): Iterable<PodRecord> {
    return this.#byNamespace.get(namespace)?.values() ?? [];
  }

  *all(): Iterable<PodRecord> {
    for (const pods of this.#byNamespace.values()) yield* pods.values();
  }

  #intern(template: PodTemplate): PodTemplate {
    const key = JSON.stringify(template);
    const known = this.#templates.get(key);
    if (known) {
      known.users += 1;
      return known.template;
    }
    this.#templates.set(key, { template, users: 1 });
    this.#templateKeys.set(template, key);
    return template;
  }

  #release(template: PodTemplate): void {
    const key = this.#templateKeys.get(template);
    const known = key === undefined ? undefined : this.#templates.get(key);
    if (key === undefined || !known) return;
    known.users -= 1;
    if (known.users === 0) this.#templates.delete(key);
  }
}
