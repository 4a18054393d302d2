import type { ClusterFacts } from './clusterFacts';
import type { HostPort } from './hostPorts';
import { destinationRuleSpec } from './render/destinationRule';
import {
  gatewayEndpoints,
  remoteEntrySpec,
  type HostEntry,
} from './render/serviceEntries';
import type { CompositionOptions } from './types';
import { capShares } from './weights';
import type { Ways } from './ways';

/** A cluster that serves a host to others, with its damped weight. */
export interface Server {
  readonly facts: ClusterFacts;
  readonly weight: number;
}

/** Specs of a caller's `-remote` entry and DestinationRule. */
export interface ClientSpec {
  readonly entry: object;
  readonly rule: object;
}

/**
 * What callers of one host are given. Most callers get the same servers, so
 * they share the very specs.
 */
export class ClientSpecs {
  readonly #entry: HostEntry;
  readonly #ports: readonly HostPort[];
  readonly #servers: readonly Server[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #options: CompositionOptions;
  readonly #made = new Map<
    string | number,
    Map<readonly string[], ClientSpec>
  >();

  /** `servers` are sorted by name. */
  constructor(
    entry: HostEntry,
    ports: readonly HostPort[],
    servers: readonly Server[],
    options: CompositionOptions,
  ) {
    this.#entry = entry;
    this.#ports = ports;
    this.#servers = servers;
    this.#indexes = new Map(servers.map((s, i) => [s.facts.id, i]));
    this.#options = options;
  }

  /** Undefined when the caller can be given no server. */
  for(
    ways: Ways | undefined,
    exportTo: readonly string[],
  ): ClientSpec | undefined {
    if (!ways || this.#servers.length === 0) return undefined;
    const chosen = this.#choose(ways);
    if (chosen.length === 0) return undefined;
    // A bit per server while a number has bits enough.
    const set =
      this.#servers.length <= 30
        ? chosen.reduce((bits, i) => bits + 2 ** i, 0)
        : chosen.join(' ');
    let byVisibility = this.#made.get(set);
    if (!byVisibility) {
      byVisibility = new Map();
      this.#made.set(set, byVisibility);
    }
    let made = byVisibility.get(exportTo);
    if (!made) {
      made = {
        entry: remoteEntrySpec(
          this.#entry,
          this.#ports,
          this.#endpoints(chosen),
          exportTo,
        ),
        rule: destinationRuleSpec(this.#entry.host, exportTo),
      };
      byVisibility.set(exportTo, made);
    }
    return made;
  }

  /** Indexes of the nearest servers that the caller may be sent to, ascending. */
  #choose(ways: Ways): number[] {
    const chosen: number[] = [];
    if (this.#servers.length <= this.#options.nearestClusters) {
      this.#servers.forEach((server, i) => {
        if (ways.allowed.has(server.facts.id)) chosen.push(i);
      });
      return chosen;
    }
    for (const { id } of ways.nearest) {
      const index = this.#indexes.get(id);
      if (index !== undefined) chosen.push(index);
      if (chosen.length === this.#options.nearestClusters) break;
    }
    return chosen.sort((a, b) => a - b);
  }

  #endpoints(chosen: readonly number[]): object[] {
    const servers = chosen.map(i => this.#servers[i]);
    const weights = capShares(
      servers.map(s => s.weight),
      this.#options.maxClusterShare,
    );
    return servers.flatMap((s, i) =>
      gatewayEndpoints(s.facts, this.#ports, weights[i]),
    );
  }
}
