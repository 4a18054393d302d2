import { TRAFFIC_VIEWS } from '@isthmus/plugin-gns-common';
import type { EdgeResolver } from '../ingest/resolveEdges';

const SERVER = TRAFFIC_VIEWS.indexOf('server');

/** Which calls the proxies of callers told of: gathered first, asked then. */
export class ClientEvidence {
  readonly #seen = new Set<string>();

  /** Notes all rows that a client saw. */
  gather(resolver: EdgeResolver): void {
    for (let row = 0; row < resolver.edges.view.length; row += 1) {
      if (!resolver.isClientView(row)) continue;
      const key = this.#key(resolver, row);
      if (key !== undefined) this.#seen.add(key);
    }
  }

  /** A client told of calls of this row's caller to this row's service. */
  has(resolver: EdgeResolver, row: number): boolean {
    const key = this.#key(resolver, row);
    return key !== undefined && this.#seen.has(key);
  }

  #key(resolver: EdgeResolver, row: number): string | undefined {
    const source = resolver.source(row);
    if (source?.cluster === undefined) return undefined;
    const called = resolver.called(row);
    const target = called
      ? `${called.gns}/${called.service}`
      : resolver.service(row)?.host ?? '';
    return `${source.cluster}/${source.namespace}/${source.name} ${target}`;
  }
}

/**
 * Whether a row is *the* count of its calls, so that each call counts once over
 * reporters and clusters. The client's word comes first. A server's word
 * counts for callers without a proxy, for callers of foreign clusters, and for
 * those whose own cluster is silent; for other callers with a proxy, unless their
 * clients told of it: a member's namespace that is scraped and tells of
 * nothing did not call. Waypoints speak for callers without a sidecar, which tell nothing themselves.
 */
export function isCounted(
  resolver: EdgeResolver,
  row: number,
  context: {
    gns: string;
    evidence: ClientEvidence;
    /** The client side of this namespace is known in this slice. */
    clientKnown: (cluster: string, namespace: string) => boolean;
  },
): boolean {
  if (resolver.isClientView(row)) return true;
  const source = resolver.source(row);
  if (source?.cluster === undefined) return true;
  const { cluster, namespace } = source;
  const { gns, evidence, clientKnown } = context;
  if (!resolver.directory.isMember(gns, cluster, namespace)) {
    return !evidence.has(resolver, row);
  }
  if (!clientKnown(cluster, namespace)) return true;
  return (
    resolver.edges.view[row] !== SERVER &&
    cluster === resolver.reporter &&
    !evidence.has(resolver, row)
  );
}
