import type { EdgeService, EdgeWorkload } from '@isthmus/plugin-gns-common';
import type { ComposedGlobalNamespace } from '../composition/types';

/** What {@link Directory} is made of. */
export interface DirectoryInput {
  readonly globalNamespaces: Iterable<ComposedGlobalNamespace>;
  readonly clusters: readonly { readonly id: string; readonly name: string }[];
  /** Istio's cluster id by our cluster id, as controllers told it. */
  readonly istioIds: ReadonlyMap<string, string>;
  /** Equal for equal content only. */
  readonly version: string;
}

/** A global service. */
export interface ServiceName {
  readonly gns: string;
  /** Host label. */
  readonly service: string;
}

const NOTHING: ReadonlyMap<string, ReadonlySet<string>> = new Map();
/** `<name>.<namespace>.svc.<cluster domain>` */
const KUBERNETES_HOST = /^([^.]+)\.([^.]+)\.svc\./;

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}

/**
 * Who is who in the labels of traffic: which global namespace a namespace
 * belongs to, which global service a host or a workload is, which cluster Istio
 * means by an id. Made of the last composition; clusters are ids of ours.
 */
export class Directory {
  readonly #gnsOf = new Map<string, string>();
  readonly #members = new Map<string, Map<string, Set<string>>>();
  readonly #hosts = new Map<string, ServiceName>();
  readonly #endpoints = new Map<string, ServiceName>();
  readonly #workloads = new Map<string, ServiceName[]>();
  /** `<cluster>/<gns>/<service>` */
  readonly #served = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #clustersOfIstioId = new Map<string, Set<string>>();
  /** Equal for equal content only. */
  readonly version: string;

  constructor(input: DirectoryInput) {
    for (const cluster of input.clusters) {
      this.#names.set(cluster.id, cluster.name);
      this.#ids.set(cluster.name, cluster.id);
      const istioId = input.istioIds.get(cluster.id);
      if (istioId) addTo(this.#clustersOfIstioId, istioId, cluster.id);
    }
    for (const gns of input.globalNamespaces) this.#take(gns);
    this.version = input.version;
  }

  #take(gns: ComposedGlobalNamespace): void {
    const members = new Map<string, Set<string>>();
    for (const { cluster, namespace, state } of gns.members) {
      if (state !== 'member') continue;
      this.#gnsOf.set(`${cluster}/${namespace}`, gns.name);
      addTo(members, cluster, namespace);
    }
    this.#members.set(gns.name, members);
    for (const service of gns.services) {
      const name: ServiceName = { gns: gns.name, service: service.name };
      this.#hosts.set(service.host, name);
      for (const e of service.endpoints) {
        this.#endpoints.set(`${e.cluster}/${e.namespace}/${e.service}`, name);
        this.#served.add(`${e.cluster}/${gns.name}/${service.name}`);
        for (const workload of e.workloads) {
          const key = `${e.cluster}/${e.namespace}/${workload}`;
          const served = this.#workloads.get(key);
          if (served) served.push(name);
          else this.#workloads.set(key, [name]);
        }
      }
    }
  }

  /** The global namespace that a namespace of a cluster is an admitted member of. */
  gnsOf(cluster: string, namespace: string): string | undefined {
    return this.#gnsOf.get(`${cluster}/${namespace}`);
  }

  get globalNamespaces(): Iterable<string> {
    return this.#members.keys();
  }

  /** Admitted namespaces by cluster. */
  membersOf(gns: string): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#members.get(gns) ?? NOTHING;
  }

  isMemberCluster(gns: string, cluster: string): boolean {
    return this.membersOf(gns).has(cluster);
  }

  isMember(gns: string, cluster: string, namespace: string): boolean {
    return this.membersOf(gns).get(cluster)?.has(namespace) ?? false;
  }

  clusterNamed(name: string): string | undefined {
    return this.#ids.get(name);
  }

  nameOf(cluster: string): string | undefined {
    return this.#names.get(cluster);
  }

  /**
   * The cluster that a label of the other side means; undefined: none of ours,
   * or not to be told. Clusters that all kept Istio's default id are told apart by
   * what runs in them.
   */
  peerCluster(workload: EdgeWorkload, reporter: string): string | undefined {
    if (workload.cluster === undefined) {
      // Istio does not know (istio/istio#29373): near is likelier than far.
      return this.#runs(reporter, workload) ? reporter : undefined;
    }
    const candidates = this.#clustersOfIstioId.get(workload.cluster);
    if (!candidates) return undefined;
    if (candidates.size === 1) return [...candidates][0];
    const running = [...candidates].filter(c => this.#runs(c, workload));
    if (running.length === 1) return running[0];
    return running.includes(reporter) || candidates.has(reporter)
      ? reporter
      : undefined;
  }

  #runs(cluster: string, { namespace, name }: EdgeWorkload): boolean {
    return (
      this.#workloads.has(`${cluster}/${namespace}/${name}`) ||
      this.gnsOf(cluster, namespace) !== undefined
    );
  }

  /** The global services that a workload serves. */
  servicesOf(
    cluster: string,
    namespace: string,
    workload: string,
  ): readonly ServiceName[] {
    return this.#workloads.get(`${cluster}/${namespace}/${workload}`) ?? [];
  }

  /** Host labels of the services that run in a namespace of a cluster. */
  servicesIn(gns: string, cluster: string, namespace: string): string[] {
    const prefix = `${cluster}/${namespace}/`;
    return [...this.#endpoints]
      .filter(([key, name]) => key.startsWith(prefix) && name.gns === gns)
      .map(([, name]) => name.service);
  }

  /** Host labels of all services, sorted, with the ids of the clusters that serve them. */
  servicesOfGns(gns: string): { name: string; clusters: string[] }[] {
    const found = new Map<string, string[]>();
    for (const key of this.#served) {
      const [cluster, owner, service] = key.split('/');
      if (owner !== gns) continue;
      const clusters = found.get(service);
      if (clusters) clusters.push(cluster);
      else found.set(service, [cluster]);
    }
    return [...found.keys()]
      .sort()
      .map(name => ({ name, clusters: found.get(name)! }));
  }

  serves(cluster: string, { gns, service }: ServiceName): boolean {
    return this.#served.has(`${cluster}/${gns}/${service}`);
  }

  /**
   * The global service that was called: by its global host, else by its name
   * in Kubernetes where the server is (or the caller, when none was reached), else by the one
   * service that the server's workload has.
   */
  calledService(
    service: EdgeService | undefined,
    server: { cluster: string; namespace: string; name: string } | undefined,
    by: { reporter: string; isServer: boolean },
  ): ServiceName | undefined {
    const byHost = service?.host ? this.#hosts.get(service.host) : undefined;
    if (byHost && (!by.isServer || this.serves(by.reporter, byHost))) {
      return byHost;
    }
    const kubernetes = service?.host && KUBERNETES_HOST.exec(service.host);
    const name = kubernetes ? kubernetes[1] : service?.name;
    const namespace = kubernetes ? kubernetes[2] : service?.namespace;
    if (name && namespace) {
      const found =
        (server &&
          this.#endpoints.get(`${server.cluster}/${namespace}/${name}`)) ??
        this.#endpoints.get(`${by.reporter}/${namespace}/${name}`);
      if (found) return found;
    }
    if (!server) return undefined;
    const served = this.servicesOf(
      server.cluster,
      server.namespace,
      server.name,
    );
    return served.length === 1 ? served[0] : undefined;
  }
}
