import { ApiServer, startApiServer } from '@isthmus/simulator';
import { Controller, createController } from '../Controller';
import { ControllerOptions } from '../ControllerOptions';
import { HttpKubeApi } from '../kube/HttpKubeApi';
import { KubeApi } from '../kube/KubeApi';
import { Intervals } from '../timing/Intervals';

/** Intervals at which tests need not wait. */
export const QUICK: Intervals = {
  heartbeat: 400,
  reportDebounce: 20,
  hubBackoff: { first: 20, max: 200 },
  poll: 1_000,
  kubeBackoff: { first: 10, max: 100 },
  watchSilence: 60_000,
  relist: 600_000,
  objectBackoff: { first: 20, max: 200 },
  dns: 100,
  probe: 100,
  stateWrite: 20,
  statusWrite: 20,
  rekey: 30 * 24 * 3_600_000,
  issuerLook: 20,
  restart: 50,
  setUpHeard: 100,
  lease: { duration: 2_000, renew: 300, retry: 100 },
};

/** A simulated API server and the controllers that a test runs on it. */
export class MemberCluster {
  readonly #controllers: Controller[] = [];
  readonly #apis: KubeApi[] = [];

  static async start(): Promise<MemberCluster> {
    const server = await startApiServer({
      tokens: { admin: { username: 'admin', groups: ['system:masters'] } },
    });
    for (const name of ['istio-system', 'isthmus-system', 'shop-web']) {
      server.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    return new MemberCluster(server);
  }

  private constructor(readonly server: ApiServer) {}

  /** A client with all rights, or with those of `token`. */
  api(token = 'admin'): KubeApi {
    const api = HttpKubeApi.create({
      server: this.server.url,
      verify: true,
      authorization: async () => `Bearer ${token}`,
    });
    this.#apis.push(api);
    return api;
  }

  async control(
    options: Partial<ControllerOptions> & Pick<ControllerOptions, 'hub'>,
  ): Promise<Controller> {
    const controller = await createController({
      kube: this.api(),
      lease: false,
      ...options,
      intervals: { ...QUICK, ...options.intervals },
    });
    this.#controllers.push(controller);
    return controller;
  }

  serviceEntry(name: string) {
    return this.server.read(
      'networking.istio.io/v1',
      'ServiceEntry',
      'shop-web',
      name,
    );
  }

  /** What a person reads with kubectl. */
  get status(): Record<string, string> | undefined {
    const map = this.server.read(
      'v1',
      'ConfigMap',
      'isthmus-system',
      'isthmus-status',
    );
    return map?.data as Record<string, string> | undefined;
  }

  /** Address of the first endpoint of a ServiceEntry. */
  addressOf(name: string): string | undefined {
    const spec = this.serviceEntry(name)?.spec as
      | { endpoints?: Array<{ address?: string }> }
      | undefined;
    return spec?.endpoints?.[0]?.address;
  }

  /** Changes fields of a ServiceEntry's spec as `kubectl edit` does. */
  async edit(name: string, spec: Record<string, unknown>): Promise<void> {
    const live = this.serviceEntry(name);
    if (!live) throw new Error(`there is no ServiceEntry ${name}`);
    const { managedFields: _, ...metadata } = live.metadata;
    const answer = await fetch(
      `${this.server.url}/apis/networking.istio.io/v1/namespaces/shop-web/serviceentries/${name}?fieldManager=kubectl-edit`,
      {
        method: 'PUT',
        headers: {
          authorization: 'Bearer admin',
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          ...live,
          metadata,
          spec: { ...(live.spec as object), ...spec },
        }),
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** Applies an object of any kind as an admin does with `kubectl apply --server-side`. */
  async apply(object: {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  }): Promise<void> {
    const { name, namespace } = object.metadata;
    const root = object.apiVersion.includes('/') ? 'apis' : 'api';
    const scope = namespace ? `namespaces/${namespace}/` : '';
    const plural = `${object.kind.toLowerCase()}s`;
    const answer = await fetch(
      `${this.server.url}/${root}/${object.apiVersion}/${scope}${plural}/${name}?fieldManager=kubectl&fieldValidation=Strict`,
      {
        method: 'PATCH',
        headers: {
          authorization: 'Bearer admin',
          'content-type': 'application/apply-patch+yaml',
        },
        body: JSON.stringify(object),
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** Sets the annotations of a namespace. */
  annotateNamespace(name: string, annotations: Record<string, string>): void {
    this.server.seed({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, annotations },
    });
  }

  /** Names of all ServiceEntries in `shop-web`, sorted. */
  get entries(): string[] {
    return this.server
      .readAll('networking.istio.io/v1', 'ServiceEntry', 'shop-web')
      .map(o => o.metadata.name)
      .sort();
  }

  /** Counts requests that match, from now on. */
  count(match: (r: { verb: string; path: string }) => boolean): {
    readonly n: number;
  } {
    const counter = { n: 0 };
    this.server.onRequest(request => {
      if (match(request)) counter.n += 1;
    });
    return counter;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#controllers.map(c => c.stop()));
    await Promise.all(this.#apis.map(a => a.close()));
    await this.server.stop();
  }
}
