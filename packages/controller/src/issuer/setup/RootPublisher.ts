import { CA_ROOT_KEY, Condition } from '@isthmus/plugin-gns-common';
import { KubeApi, KubeObject, isKubeStatus } from '../../kube/KubeApi';
import { Reflector } from '../../kube/Reflector';
import { READ_RESOURCES } from '../../kube/resources';
import { Logger, messageOf } from '../../logging';
import { KeyQueue } from '../../reconciler/KeyQueue';
import { RepairLimit } from '../../reconciler/RepairLimit';
import { readConfigMap } from '../../inventory/records';
import { Clock } from '../../timing/Clock';
import { Intervals } from '../../timing/Intervals';

/** istiod keeps one in every namespace, and the stock sidecar mounts all of it. */
export const ROOT_CONFIG_MAP = 'istio-ca-root-cert';

/** How long our key outlives the wish for it, milliseconds: pods may still start with it. */
const REMOVE_AFTER = 600_000;
const FENCED_RETRY = 1_000;

export interface RootPublisherOptions {
  kube: KubeApi;
  clock: Clock;
  intervals: Pick<
    Intervals,
    'kubeBackoff' | 'watchSilence' | 'relist' | 'objectBackoff'
  >;
  logger: Logger;
  /** Global namespace of a namespace whose pods dial us; undefined: they do not. */
  gnsOf(namespace: string): string | undefined;
  /** All such namespaces. */
  namespaces(): Iterable<string>;
  /** Whether pods still run that were set up for our CA. */
  isInUse(namespace: string): boolean;
  isPaused(gns: string): boolean;
  /** PEM; undefined: not made yet. */
  roots(): string | undefined;
  mayWrite(): boolean;
  onChange(): void;
}

/** What is remembered of one ConfigMap. */
interface Seen {
  uid: string;
  /** Value of our key. */
  value: string | undefined;
}

/**
 * Writes one key of our own into the ConfigMap that Istio mounts into every
 * sidecar: with it pilot-agent verifies the controller. Only that key, by
 * server-side apply; the ConfigMap itself is istiod's.
 */
export class RootPublisher {
  readonly #options: RootPublisherOptions;
  readonly #reflector: Reflector;
  readonly #queue: KeyQueue;
  readonly #seen = new Map<string, Seen>();
  readonly #problems = new Map<string, { reason: string; message: string }>();
  readonly #repairs: RepairLimit;
  /** Since when our key is no longer wanted. */
  readonly #unwanted = new Map<string, number>();
  #written = new Set<string>();

  static create(options: RootPublisherOptions): RootPublisher {
    return new RootPublisher(options);
  }

  private constructor(options: RootPublisherOptions) {
    this.#options = options;
    this.#repairs = new RepairLimit(options.clock);
    this.#queue = new KeyQueue({
      concurrency: 4,
      backoff: options.intervals.objectBackoff,
      clock: options.clock,
      work: namespace => this.#work(namespace),
    });
    this.#reflector = Reflector.create({
      ...options,
      resource: READ_RESOURCES.configMaps,
      selector: { fieldSelector: `metadata.name=${ROOT_CONFIG_MAP}` },
      handlers: {
        onUpsert: object => this.#upsert(object),
        onDelete: key => {
          const [namespace] = key.split('/');
          this.#seen.delete(namespace);
          this.#queue.add(namespace);
          options.onChange();
        },
      },
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#reflector.run(signal);
    await this.#queue.stop();
  }

  /** What is wanted may have changed. */
  refresh(): void {
    for (const namespace of new Set([
      ...this.#options.namespaces(),
      ...this.#seen.keys(),
    ])) {
      if (!this.#isRight(namespace)) this.#queue.add(namespace);
    }
  }

  /** Whether the pods of a namespace find the root that we serve with. */
  isPublished(namespace: string): boolean {
    const roots = this.#options.roots();
    return roots !== undefined && this.#seen.get(namespace)?.value === roots;
  }

  conditions(): Condition[] {
    return [...this.#options.namespaces()].flatMap((namespace): Condition[] => {
      const problem = this.#problems.get(namespace);
      if (this.isPublished(namespace) && problem?.reason !== 'Contended') {
        return [];
      }
      return [
        {
          type: 'ServingRootPublished',
          status: 'False',
          severity: problem ? 'error' : 'info',
          reason: problem?.reason ?? 'NotYet',
          message: (
            problem?.message ??
            `The root of our serving certificate is not yet in the ConfigMap ${ROOT_CONFIG_MAP} of namespace ${namespace}`
          ).slice(0, 4000),
          gns: this.#options.gnsOf(namespace),
          namespace,
        },
      ];
    });
  }

  #upsert(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? '';
    const value = readConfigMap(object)[CA_ROOT_KEY];
    const before = this.#seen.get(namespace);
    this.#seen.set(namespace, { uid: object.metadata.uid ?? '', value });
    if (before && before.value === value) return;
    if (!this.#isRight(namespace)) this.#queue.add(namespace);
    this.#options.onChange();
  }

  #isRight(namespace: string): boolean {
    const wanted = this.#options.gnsOf(namespace) !== undefined;
    const has = this.#seen.get(namespace)?.value !== undefined;
    return wanted ? this.isPublished(namespace) : !has;
  }

  async #work(namespace: string): Promise<void> {
    try {
      const retry = await this.#step(namespace);
      this.#queue.succeeded(namespace);
      if (retry !== undefined) this.#queue.addLater(namespace, retry);
    } catch (error) {
      this.#tell(namespace, 'Refused', messageOf(error));
      this.#queue.addLater(namespace);
    }
  }

  /** Milliseconds after which to come back, if at all. */
  async #step(namespace: string): Promise<number | undefined> {
    const { gnsOf, roots, mayWrite, isPaused } = this.#options;
    const gns = gnsOf(namespace);
    const live = this.#seen.get(namespace);
    if (this.#isRight(namespace)) {
      this.#unwanted.delete(namespace);
      this.#problems.delete(namespace);
      return undefined;
    }
    if (gns === undefined) return this.#remove(namespace, live!);
    this.#unwanted.delete(namespace);
    const pem = roots();
    if (pem === undefined) return undefined;
    if (!live) {
      this.#tell(
        namespace,
        'Missing',
        `Namespace ${namespace} has no ConfigMap ${ROOT_CONFIG_MAP}. istiod makes it; if the mesh uses another bundle (trustBundleName, ENABLE_CLUSTER_TRUST_BUNDLE_API), this namespace cannot join.`,
      );
      return undefined;
    }
    if (isPaused(gns) || !mayWrite()) return FENCED_RETRY;
    if (this.#written.has(namespace) && live.value === undefined) {
      const wait = this.#repairs.waitBefore(namespace);
      if (wait > 0) {
        this.#tell(
          namespace,
          'Contended',
          `Something keeps removing the key ${CA_ROOT_KEY} from the ConfigMap ${ROOT_CONFIG_MAP} of namespace ${namespace} (istio-csr does): pods that start meanwhile fail. Limit it with its configmapNamespaceSelector.`,
        );
        return wait;
      }
    }
    await this.#apply(namespace, live, { [CA_ROOT_KEY]: pem });
    this.#written.add(namespace);
    return undefined;
  }

  async #remove(namespace: string, live: Seen): Promise<number | undefined> {
    const { clock, isInUse, mayWrite } = this.#options;
    const now = clock.now();
    const since = this.#unwanted.get(namespace) ?? now;
    this.#unwanted.set(namespace, since);
    const due = since + REMOVE_AFTER;
    if (now < due) return due - now;
    if (isInUse(namespace)) return REMOVE_AFTER;
    if (!mayWrite()) return FENCED_RETRY;
    await this.#apply(namespace, live, {});
    this.#written.delete(namespace);
    return undefined;
  }

  async #apply(
    namespace: string,
    live: Seen,
    data: Record<string, string>,
  ): Promise<void> {
    try {
      const answer = await this.#options.kube.apply(
        READ_RESOURCES.configMaps,
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          // With its uid: one that is gone is not made by us.
          metadata: { name: ROOT_CONFIG_MAP, namespace, uid: live.uid },
          data,
        },
        { force: true },
      );
      this.#problems.delete(namespace);
      this.#upsert(answer);
    } catch (error) {
      // It was replaced meanwhile: the watch tells.
      if (!isKubeStatus(error, 409)) throw error;
    }
  }

  #tell(namespace: string, reason: string, message: string): void {
    const before = this.#problems.get(namespace);
    this.#problems.set(namespace, { reason, message });
    if (before?.message === message) return;
    this.#options.logger.warn(`serving root in ${namespace}: ${message}`);
    this.#options.onChange();
  }
}
