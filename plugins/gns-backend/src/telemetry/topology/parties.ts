import type { EdgeResolver, ResolvedWorkload } from '../ingest/resolveEdges';
import type { Interner } from '../merge/Interner';

/** One end of an edge, as fine as it is known. Clusters are ids of ours. */
export interface Party {
  /** Equal for equal ends. */
  readonly key: string;
  readonly kind: 'workload' | 'service' | 'outside' | 'foreign' | 'external';
  /** Undefined: in none of ours, or not known. */
  readonly cluster?: string;
  readonly namespace?: string;
  /** Of the workload, or the host that is external. */
  readonly name?: string;
  readonly version?: string;
  readonly app?: string;
  /** Host label of the service of this global namespace that was called. */
  readonly service?: string;
}

/** Callers without a proxy, by the cluster that saw them. */
function outside(cluster: string): Party {
  return { key: `outside ${cluster}`, kind: 'outside', cluster };
}

function workload(
  w: ResolvedWorkload,
  kind: 'workload' | 'foreign',
  service?: string,
): Party {
  const { cluster, namespace, name, version, app } = w;
  return {
    key: `${kind} ${cluster ?? ''} ${namespace} ${name} ${version ?? ''} ${
      service ?? ''
    }`,
    kind,
    namespace,
    name,
    ...(cluster === undefined ? {} : { cluster }),
    ...(version === undefined ? {} : { version }),
    ...(app === undefined ? {} : { app }),
    ...(service === undefined ? {} : { service }),
  };
}

/** True when a workload runs in a member namespace. */
function isMember(
  resolver: EdgeResolver,
  w: ResolvedWorkload,
  gns: string,
): boolean {
  return (
    w.cluster !== undefined &&
    resolver.directory.isMember(gns, w.cluster, w.namespace)
  );
}

/** Numbers the ends of one cluster's rows, each end once. */
export class PartyResolver {
  readonly #sources = new Map<number, number>();
  readonly #targets = new Map<string, number>();

  constructor(
    readonly resolver: EdgeResolver,
    readonly gns: string,
    /** Shared by all that are merged. */
    readonly parties: Interner<Party>,
  ) {}

  #number(party: Party): number {
    return this.parties.of(party.key, party);
  }

  source(row: number): number {
    const { resolver } = this;
    const i =
      resolver.edges.source[row] * 2 + Number(resolver.isClientView(row));
    let number = this.#sources.get(i);
    if (number === undefined) {
      number = this.#number(sourceOf(resolver, row, this.gns));
      this.#sources.set(i, number);
    }
    return number;
  }

  target(row: number): number {
    const { resolver } = this;
    const { destination, service } = resolver.edges;
    const key = `${destination[row]} ${service[row]} ${resolver.isClientView(
      row,
    )}`;
    let number = this.#targets.get(key);
    if (number === undefined) {
      number = this.#number(targetOf(resolver, row, this.gns));
      this.#targets.set(key, number);
    }
    return number;
  }
}

function sourceOf(resolver: EdgeResolver, row: number, gns: string): Party {
  const source = resolver.source(row);
  if (!source) return outside(resolver.reporter);
  return workload(
    source,
    isMember(resolver, source, gns) ? 'workload' : 'foreign',
  );
}

/**
 * What was called: the workload that took it, with the service; where none did, the service
 * alone; else a host that is none of ours.
 */
function targetOf(resolver: EdgeResolver, row: number, gns: string): Party {
  const server = resolver.destination(row);
  const called = resolver.called(row);
  const service = called?.gns === gns ? called.service : undefined;
  if (server) {
    return workload(
      server,
      isMember(resolver, server, gns) ? 'workload' : 'foreign',
      service,
    );
  }
  if (service !== undefined) {
    return {
      key: `service ${resolver.reporter} ${service}`,
      kind: 'service',
      // Where it would have been looked for first.
      cluster: resolver.reporter,
      service,
    };
  }
  const host = resolver.service(row)?.host ?? resolver.service(row)?.name;
  return {
    key: `external ${host ?? ''}`,
    kind: 'external',
    ...(host === undefined ? {} : { name: host }),
  };
}
