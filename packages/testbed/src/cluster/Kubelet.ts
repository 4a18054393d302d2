import { setTimeout as delay } from 'node:timers/promises';
import type { KubeClient, KubeObject } from '../kube/KubeClient';
import { eventually } from '../process/eventually';
import type { Pod } from '../workload/Pod';
import type { NodeRunner, RunOptions } from './nodeRunner';

const LOOK_MS = 250;
const ROLLED_OUT_MS = 180_000;

interface Running {
  pod?: Pod;
  ending: boolean;
}

/**
 * Runs the pods that Kubernetes' own controllers make on the one node of a cluster, and ends those that they delete:
 * the proxy drains first, as istio-proxy does before it stops.
 */
export class Kubelet {
  readonly #workloads = new Map<string, RunOptions>();
  readonly #running = new Map<string, Running>();
  /** Of pods that are still wanted. */
  readonly #failures = new Map<string, unknown>();
  readonly #stop = new AbortController();
  #watching = false;

  constructor(
    private readonly options: {
      cluster: string;
      kube: KubeClient;
      runner: NodeRunner;
    },
  ) {}

  /** Pods that run, the oldest first; those that end now are left out. */
  get pods(): Pod[] {
    return [...this.#running.values()].flatMap(({ pod, ending }) =>
      pod && !ending ? [pod] : [],
    );
  }

  /**
   * Creates a workload, and waits until all its pods are ready.
   *
   * @returns its first pod
   */
  async deploy(options: RunOptions, replicas: number): Promise<Pod> {
    const { namespace, workload } = options;
    this.#workloads.set(keyOf(namespace, workload), options);
    if (!this.#watching) {
      this.#watching = true;
      void this.#watch();
    }
    await this.options.runner.deploy(options, replicas);
    return eventually(
      async () => {
        this.#assertWell();
        const deployment = await this.options.kube.get({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace,
          name: workload,
        });
        const status = deployment?.status as
          | { availableReplicas?: number }
          | undefined;
        const pods = this.pods.filter(
          pod => pod.namespace === namespace && pod.workload === workload,
        );
        return (
          status?.availableReplicas === replicas &&
          pods.length === replicas &&
          pods[0]
        );
      },
      {
        what: `${replicas} pods of ${namespace}/${workload} in ${this.options.cluster} are ready`,
        timeoutMs: ROLLED_OUT_MS,
      },
    );
  }

  stop(): void {
    this.#stop.abort();
  }

  #assertWell(): void {
    for (const [name, failure] of this.#failures) {
      throw new Error(`pod ${name} did not start: ${failure}`, {
        cause: failure,
      });
    }
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // An API server that is away for a moment says nothing about its pods.
      const pods = await this.options.kube
        .list({ apiVersion: 'v1', kind: 'Pod' })
        .catch(() => undefined);
      if (pods && !this.#stop.signal.aborted) this.#look(pods);
      await delay(LOOK_MS);
    }
  }

  #look(pods: KubeObject[]): void {
    const wanted = new Map(pods.map(pod => [pod.metadata.uid!, pod]));
    const names = new Set(
      pods.map(({ metadata }) => keyOf(metadata.namespace!, metadata.name)),
    );
    for (const name of this.#failures.keys()) {
      if (!names.has(name)) this.#failures.delete(name);
    }
    for (const [uid, pod] of wanted) {
      const { namespace, labels, deletionTimestamp } = pod.metadata;
      const options = this.#workloads.get(keyOf(namespace!, `${labels?.app}`));
      if (options && !this.#running.has(uid) && !deletionTimestamp) {
        const running: Running = { ending: false };
        this.#running.set(uid, running);
        void this.#run(options, pod, running);
      }
    }
    for (const [uid, running] of this.#running) {
      const stored = wanted.get(uid);
      const unwanted = !stored || stored.metadata.deletionTimestamp;
      if (unwanted && running.pod && !running.ending) {
        running.ending = true;
        void this.#end(uid, running.pod);
      }
    }
  }

  async #run(
    options: RunOptions,
    object: KubeObject,
    running: Running,
  ): Promise<void> {
    const { namespace, name } = object.metadata;
    try {
      running.pod = await this.options.runner.runStored(options, object);
    } catch (error) {
      if (!this.#stop.signal.aborted)
        this.#failures.set(keyOf(namespace!, name), error);
    }
  }

  async #end(uid: string, pod: Pod): Promise<void> {
    try {
      await pod.drain(this.#stop.signal);
      await pod.delete();
      this.#running.delete(uid);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#failures.set(keyOf(pod.namespace, pod.name), error);
    }
  }
}

function keyOf(namespace: string, workload: string): string {
  return `${namespace}/${workload}`;
}
