import { randomBytes, randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { UserInfo } from './authentication';
import { API_AUDIENCE, TokenAuthenticator } from './authentication';
import { RbacAuthorizer } from './authorization';
import { bootstrapObjects } from './bootstrap';
import type { Certificate } from './certificate';
import { fillDefaults } from './defaults';
import { Faults } from './faults';
import { schemaOf } from './fieldSchema';
import { GarbageCollector } from './garbageCollector';
import type { KubeconfigOptions } from './kubeconfig';
import { kubeconfigText } from './kubeconfig';
import { Lists } from './lists';
import { creationBaseline, ignoredFields, recordUpdate } from './managedFields';
import type { KubernetesObject, SeedObject } from './objects';
import { ResourceRegistry } from './registry';
import type { RequestContext, SeenRequest } from './requestContext';
import { handleRequest } from './requestHandler';
import { apiVersionOf, findKind, findResource } from './resources';
import type { StoreSnapshot } from './store';
import { ObjectStore } from './store';
import { Watches } from './watches';

/** How a simulated API server is started. */
export interface ApiServerOptions {
  /** 0 (default): any free port. */
  port?: number;
  /** Serves HTTPS with this certificate; plain HTTP without. */
  certificate?: Certificate;
  /** token → user. */
  tokens?: Record<string, UserInfo>;
  /** Signs service-account tokens; keep it to keep tokens valid over restarts. */
  tokenKey?: Buffer;
  /** The cluster's identity: uid of the kube-system namespace. */
  clusterUid?: string;
  /** Objects of an earlier run. */
  snapshot?: StoreSnapshot;
  /** Time between bookmarks on open watches; a minute as in the real server. */
  bookmarkIntervalMs?: number;
}

const HOST = '127.0.0.1';
const BOOKMARK_INTERVAL_MS = 60_000;

/** A Kubernetes API server over an in-memory store. */
export class ApiServer {
  readonly store = new ObjectStore();
  readonly faults = new Faults();
  readonly #registry: ResourceRegistry;
  readonly #lists: Lists;
  readonly #watches: Watches;
  readonly #collector: GarbageCollector;
  readonly #authenticator: TokenAuthenticator;
  readonly #listeners = new Set<(request: SeenRequest) => void>();
  readonly #clusterIps = new Set<string>();
  readonly #sockets = new Set<Socket>();
  #nextClusterIp = 10;
  #goneAsStatus = false;
  #server: Server | undefined;
  #port: number;

  private constructor(private readonly options: ApiServerOptions) {
    this.#port = options.port ?? 0;
    if (options.snapshot) {
      this.store.restore(options.snapshot, object =>
        findKind(object.apiVersion, object.kind),
      );
    }
    const services = findResource('v1', 'services')!;
    for (const { spec } of this.store.list(services)) {
      const { clusterIP } = spec as { clusterIP?: string };
      if (clusterIP) this.#clusterIps.add(clusterIP);
    }
    const accounts = findResource('v1', 'serviceaccounts')!;
    this.#authenticator = new TokenAuthenticator(
      options.tokenKey ?? randomBytes(32),
      (namespace, name) =>
        this.store.get(accounts, namespace, name)?.metadata.uid,
    );
    for (const [token, user] of Object.entries(options.tokens ?? {})) {
      this.#authenticator.addToken(token, user);
    }
    this.#registry = new ResourceRegistry(this.store, this.faults, {
      clusterIp: () => this.#allocateClusterIp(),
    });
    this.#lists = new Lists(this.store);
    this.#watches = new Watches(
      this.store,
      this.faults,
      options.bookmarkIntervalMs ?? BOOKMARK_INTERVAL_MS,
    );
    this.#collector = new GarbageCollector(this.store, this.#registry);
    for (const object of bootstrapObjects(options.clusterUid ?? randomUUID())) {
      this.#seedIfMissing(object);
    }
  }

  /** Starts a server on the loopback interface. */
  static async start(options: ApiServerOptions = {}): Promise<ApiServer> {
    const server = new ApiServer(options);
    await server.#listen();
    return server;
  }

  /** `https://127.0.0.1:<port>`, or `http:` without a certificate. */
  get url(): string {
    const scheme = this.options.certificate ? 'https' : 'http';
    return `${scheme}://${HOST}:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** PEM of the authority of {@link url}; undefined for plain HTTP. */
  get caCertificate(): string | undefined {
    return this.options.certificate?.cert;
  }

  /** How many watches are open. */
  get openWatches(): number {
    return this.#watches.size;
  }

  #allocateClusterIp(): string {
    for (;;) {
      const n = this.#nextClusterIp;
      this.#nextClusterIp += 1;
      const ip = `10.96.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`;
      if (!this.#clusterIps.has(ip)) {
        this.#clusterIps.add(ip);
        return ip;
      }
    }
  }

  async #listen() {
    const { certificate } = this.options;
    const context: RequestContext = {
      store: this.store,
      registry: this.#registry,
      lists: this.#lists,
      watches: this.#watches,
      faults: this.faults,
      collector: this.#collector,
      authenticator: this.#authenticator,
      authorizer: new RbacAuthorizer(this.store),
      goneAsStatus: () => this.#goneAsStatus,
      onRequest: request => {
        for (const listener of this.#listeners) listener(request);
      },
    };
    const answer: Parameters<typeof createHttpServer>[1] = (req, res) => {
      void handleRequest(context, req, res);
    };
    const server = certificate
      ? createHttpsServer(certificate, answer)
      : createHttpServer({}, answer);
    server.keepAliveTimeout = 60_000;
    const remember = (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    };
    server.on('connection', remember);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #close() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>(resolve => {
      server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Stops listening and ends every connection. */
  async stop() {
    this.#watches.stop();
    this.#collector.stop();
    await this.#close();
  }

  /**
   * Ends every connection, stays away for a while and listens again on the
   * same port with the same objects.
   */
  async restart(options: { downForMs?: number } = {}) {
    await this.#close();
    if (options.downForMs) {
      await new Promise<void>(resolve => {
        setTimeout(resolve, options.downForMs);
      });
    }
    await this.#listen();
  }

  /** Ends every open watch cleanly. */
  closeWatches() {
    this.#watches.closeAll();
  }

  /** Sends a bookmark now on every watch that asked for them. */
  sendBookmarks() {
    this.#watches.bookmarkAll();
  }

  /**
   * Forgets the history, so that watches and paged lists from before get 410:
   * as an ERROR event (default, the usual answer) or as the HTTP status.
   */
  compact(options: { as?: 'event' | 'status' } = {}) {
    this.#goneAsStatus = options.as === 'status';
    this.store.compact();
    this.#lists.compact();
  }

  /** Lets a fixed token in. */
  addToken(token: string, user: UserInfo) {
    this.#authenticator.addToken(token, user);
  }

  /** Signs a token for a stored service account (a year, by default). */
  issueToken(
    namespace: string,
    name: string,
    options: {
      audiences?: string[];
      seconds?: number;
      /** The pod that it is bound to. */
      pod?: { name: string; uid: string };
    } = {},
  ): string {
    const accounts = findResource('v1', 'serviceaccounts')!;
    const account = this.store.get(accounts, namespace, name);
    if (!account) {
      throw new Error(
        `service account ${namespace}/${name} does not exist: seed it before asking for its token`,
      );
    }
    return this.#authenticator.issue({
      namespace,
      name,
      uid: account.metadata.uid ?? '',
      audiences: options.audiences ?? [API_AUDIENCE],
      expires:
        Math.floor(Date.now() / 1000) + (options.seconds ?? 365 * 86_400),
      ...(options.pod ? { pod: options.pod } : {}),
    });
  }

  /** Whose token this is, for an audience; undefined: it is not good there. */
  userOf(token: string, audience: string): string | undefined {
    const result = this.#authenticator.check(token, [audience]);
    return result.ok ? result.user.username : undefined;
  }

  /** Calls back for every authenticated request; returns the way to stop. */
  onRequest(listener: (request: SeenRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Puts an object into the cluster past admission and validation, status
   * included, as a controller of the cluster would have left it.
   *
   * @param manager - field manager of its fields
   */
  seed(
    object: SeedObject,
    manager = 'kube-controller-manager',
  ): KubernetesObject {
    const type = findKind(object.apiVersion, object.kind);
    if (!type) {
      throw new Error(
        `${object.apiVersion} ${object.kind} is not among the simulated kinds: add it to resources.ts`,
      );
    }
    const { namespace = '', name } = object.metadata;
    const live = this.store.get(type, namespace, name);
    const created = `${new Date().toISOString().slice(0, 19)}Z`;
    const filled = fillDefaults(
      {
        ...(object as KubernetesObject),
        metadata: {
          ...object.metadata,
          uid: live?.metadata.uid ?? object.metadata.uid ?? randomUUID(),
          creationTimestamp:
            live?.metadata.creationTimestamp ??
            object.metadata.creationTimestamp ??
            created,
          ...(type.generation
            ? { generation: live?.metadata.generation ?? 1 }
            : {}),
        },
      },
      { clusterIp: () => this.#allocateClusterIp() },
    );
    const managedFields = recordUpdate({
      schema: schemaOf(type),
      before: creationBaseline(type),
      after: filled,
      entries: undefined,
      writer: { manager, apiVersion: apiVersionOf(type), time: created },
      ignored: ignoredFields(type.status, undefined),
    });
    return this.store.put(type, {
      ...filled,
      metadata: {
        ...filled.metadata,
        ...(managedFields ? { managedFields } : {}),
      },
    });
  }

  /** Stores an object as it is, its owners and identity included. */
  replace(object: KubernetesObject): KubernetesObject {
    const type = findKind(object.apiVersion, object.kind);
    if (!type) {
      throw new Error(
        `${object.apiVersion} ${object.kind} is not among the simulated kinds: add it to resources.ts`,
      );
    }
    return this.store.put(type, object);
  }

  #seedIfMissing(object: SeedObject) {
    const type = findKind(object.apiVersion, object.kind);
    const { namespace = '', name } = object.metadata;
    if (type && !this.store.get(type, namespace, name)) this.seed(object);
  }

  /** Takes an object out of the cluster, finalizers or not. */
  unseed(object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>) {
    const type = findKind(object.apiVersion, object.kind);
    const { namespace = '', name } = object.metadata;
    if (type) this.store.remove(type, namespace, name);
  }

  /** One stored object. */
  read(
    apiVersion: string,
    kind: string,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    const type = findKind(apiVersion, kind);
    return type && this.store.get(type, namespace, name);
  }

  /** Stored objects of a kind, in a namespace or in all. */
  readAll(
    apiVersion: string,
    kind: string,
    namespace?: string,
  ): KubernetesObject[] {
    const type = findKind(apiVersion, kind);
    return type ? this.store.list(type, namespace) : [];
  }

  /** A kubeconfig document (JSON, which is YAML) for one user. */
  kubeconfig(options: KubeconfigOptions): string {
    return kubeconfigText(this.url, this.caCertificate, options);
  }
}

/** Starts a simulated API server. */
export function startApiServer(
  options: ApiServerOptions = {},
): Promise<ApiServer> {
  return ApiServer.start(options);
}
