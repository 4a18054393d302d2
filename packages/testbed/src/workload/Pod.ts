import { setTimeout as delay } from 'node:timers/promises';
import { emptyNamespace } from '../cleanup/sweep';
import type { KubeClient, ObjectRef } from '../kube/KubeClient';
import { runCommand } from '../process/runCommand';
import type { Daemon } from '../process/Daemon';
import { orderApp } from './controlSocket';
import { Loop } from './Loop';
import { podStatus, type PodContainers } from './podManifests';
import type { Behaviour, CallOrder, CallOutcome, GrpcOrder } from './protocol';

/** How long a deleted pod still serves those who have not heard of it. */
const GRACE_MS = 1_000;

/** How long a proxy that was told to drain tells its callers to go elsewhere. */
const DRAIN_MS = 8_000;

/** What a pod is made of. */
export interface PodParts {
  cluster: string;
  namespace: string;
  name: string;
  workload: string;
  serviceAccount: string;
  address: string;
  hostIp: string;
  /** Its network namespace. */
  netns: string;
  containers: PodContainers;
  /** pilot-agent, which runs Envoy; absent without a proxy. */
  agent?: Daemon;
  /** Absent in gateways. */
  app?: { daemon: Daemon; controlSocket: string };
  kube: KubeClient;
  /** Removes namespace and files once the pod is gone. */
  remove: () => Promise<void>;
}

/** One running pod: an app with its proxy, or a gateway. */
export class Pod {
  readonly #startedAt = new Date().toISOString();

  constructor(private readonly parts: PodParts) {}

  get cluster(): string {
    return this.parts.cluster;
  }

  get namespace(): string {
    return this.parts.namespace;
  }

  get name(): string {
    return this.parts.name;
  }

  /** Name of its Deployment. */
  get workload(): string {
    return this.parts.workload;
  }

  get address(): string {
    return this.parts.address;
  }

  /** Network namespace, for `ip netns exec`. */
  get netns(): string {
    return this.parts.netns;
  }

  /** Its identity in the mesh's own trust domain. */
  get spiffeId(): string {
    return `spiffe://cluster.local/ns/${this.namespace}/sa/${this.parts.serviceAccount}`;
  }

  get ref(): ObjectRef {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: this.namespace,
      name: this.name,
    };
  }

  /** Its agent's log file, undefined without a proxy. */
  get agentLog(): string | undefined {
    return this.parts.agent?.logFile;
  }

  /** Sends an HTTP request from the app, through its proxy. Failures are answers, not exceptions. */
  call(order: string | CallOrder): Promise<CallOutcome> {
    return this.#order(
      'POST',
      '/call',
      typeof order === 'string' ? { url: order } : order,
    );
  }

  /** Calls `isthmus.testbed.Echo/Echo` at `host:port` from the app, through its proxy. */
  grpc(order: string | GrpcOrder): Promise<CallOutcome> {
    return this.#order(
      'POST',
      '/grpc',
      typeof order === 'string' ? { target: order } : order,
    );
  }

  /** Sends a line to `host:port` over a TCP connection of its own, through its proxy. */
  tcp(target: string): Promise<CallOutcome> {
    return this.#order('POST', '/tcp', { target });
  }

  /** Resolves a name as the app does. @returns its IPv4 addresses. @throws Error with `code` ENOTFOUND and the like */
  async lookup(host: string): Promise<string[]> {
    const found = await this.#order<{ address: string }[]>('POST', '/lookup', {
      host,
    });
    return found.map(one => one.address);
  }

  /** Sends requests at a steady rate until stopped. */
  async loop(order: string | CallOrder, rate = 10): Promise<Loop> {
    const { id } = await this.#order<{ id: string }>('POST', '/loops', {
      ...(typeof order === 'string' ? { url: order } : order),
      rate,
    });
    return new Loop(method => this.#order(method, id));
  }

  /** Makes the app answer with failures or late; `{}` makes it well again. */
  async behave(behaviour: Behaviour): Promise<void> {
    await this.#order('POST', '/behaviour', behaviour);
  }

  /** Reports the pod ready or not, as a readiness probe would. */
  async setReady(ready: boolean): Promise<void> {
    const { address, hostIp, containers, kube } = this.parts;
    await kube.patchStatus(
      this.ref,
      podStatus({
        ip: address,
        hostIp,
        ready,
        containers,
        startedAt: this.#startedAt,
      }),
    );
  }

  /** Runs a command in the pod's network namespace, as root. @returns its standard output */
  exec(command: string, args: string[]): Promise<string> {
    return runCommand('ip', [
      ...['netns', 'exec', this.netns],
      command,
      ...args,
    ]);
  }

  /** Asks Envoy's admin interface: `/clusters`, `/config_dump`, `/stats`. */
  envoyAdmin(path: string): Promise<string> {
    return this.exec(process.execPath, [
      '-e',
      'fetch(process.argv[1]).then(r => r.text()).then(t => process.stdout.write(t))',
      `http://127.0.0.1:15000${path}`,
    ]);
  }

  /**
   * Kills app and proxy at once.
   *
   * @param options - `noticed: false` leaves the pod ready in the API, as when a node vanishes
   */
  async kill(options: { noticed?: boolean } = {}): Promise<void> {
    await emptyNamespace(this.netns);
    if (options.noticed ?? true) await this.setReady(false);
  }

  /** Has the proxy tell its callers to go elsewhere, as istio-proxy does before it stops, and gives them time. */
  async drain(signal?: AbortSignal): Promise<void> {
    if (!this.parts.agent) return;
    await this.exec(process.execPath, [
      '-e',
      "fetch('http://127.0.0.1:15000/drain_listeners?inboundonly&graceful&skip_exit', { method: 'POST' })",
    ]);
    await delay(DRAIN_MS, undefined, { signal });
  }

  /** Deletes the pod as a rollout does: from the API first, then, once callers have heard of it, from its node. */
  async delete(): Promise<void> {
    await this.parts.kube.delete(this.ref);
    await delay(GRACE_MS);
    await this.parts.remove();
  }

  /** @throws Error with the end of the log when app or proxy ended, or the app does not answer yet */
  async assertAlive(): Promise<void> {
    await this.parts.agent?.assertRunning();
    await this.parts.app?.daemon.assertRunning();
    if (this.parts.app) await this.#order('GET', '/ready');
  }

  #order<T>(method: string, path: string, body?: object): Promise<T> {
    const { app } = this.parts;
    if (!app) throw new Error(`${this.name} is a gateway and has no app`);
    return orderApp<T>(app.controlSocket, method, path, body);
  }
}
