import type { CompositionResult } from '../composition';

/** Where one host of a global namespace is served, and who can call it. */
export interface HostReach {
  readonly gns: string;
  readonly host: string;
  readonly address: string | undefined;
  /** `<cluster>/<namespace>` of its servers, by cluster name. */
  readonly servers: ReadonlyMap<string, string>;
  /** Names of clusters in which pods find a server of their own. */
  readonly local: ReadonlySet<string>;
  /** Names of clusters in which pods find servers of other clusters. */
  readonly remote: ReadonlySet<string>;
  /** `<cluster>/<namespace>` that resolve the host and reach a server. */
  readonly callers: ReadonlySet<string>;
}

function isEntry(key: string): boolean {
  return key.includes('/ServiceEntry/');
}

/** Who reaches what in a composition, by host. */
export function reachOf(
  result: CompositionResult,
): ReadonlyMap<string, HostReach> {
  const local = new Map<string, Set<string>>();
  const remote = new Map<string, Set<string>>();
  for (const cluster of result.clusters.values()) {
    for (const object of cluster.objects.values()) {
      if (object.hosts.length === 0 || !isEntry(object.key)) continue;
      const side = object.role === 'server' ? local : remote;
      for (const host of object.hosts) {
        const clusters = side.get(host);
        if (clusters) clusters.add(cluster.name);
        else side.set(host, new Set([cluster.name]));
      }
    }
  }
  const reach = new Map<string, HostReach>();
  for (const gns of result.globalNamespaces.values()) {
    const members = [...result.clusters.values()].flatMap(cluster => {
      const namespaces = cluster.members[gns.name] ?? [];
      return namespaces.map(namespace => ({
        cluster: cluster.name,
        namespace,
      }));
    });
    for (const service of gns.services) {
      const { host, address } = service;
      const servers = new Map(
        service.endpoints
          .filter(e => !e.awaitingApproval)
          .map(e => {
            const name = result.clusters.get(e.cluster)?.name ?? e.cluster;
            return [name, `${name}/${e.namespace}`] as const;
          }),
      );
      if (servers.size === 0) continue;
      const localOf = local.get(host) ?? new Set<string>();
      const remoteOf = remote.get(host) ?? new Set<string>();
      reach.set(host, {
        gns: gns.name,
        host,
        address,
        servers,
        local: localOf,
        remote: remoteOf,
        callers: new Set(
          members
            .filter(m => localOf.has(m.cluster) || remoteOf.has(m.cluster))
            .map(m => `${m.cluster}/${m.namespace}`),
        ),
      });
    }
  }
  return reach;
}
