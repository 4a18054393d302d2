import type {
  ServiceTraffic,
  ServiceTrafficList,
} from '@isthmus/plugin-gns-common';
import type {
  IncrementRange,
  IncrementReader,
  ServiceIncrements,
} from '../increments/types';
import { floorTo, isoOf, MINUTE, QUARTER } from '../time';
import { healthOfServing, silentFigures } from './figures';
import { Flow } from './Flows';
import { nodeOf } from './nodes';
import { rounded, roundFigures } from './roundFigures';
import type { LoadedWindow, Scenery } from './TrafficView';

const SPARKS = 30;
/** Longer windows have a point per quarter of an hour. */
const SHORT_SECONDS = 3 * 3600;

/** Requests per second of all clusters; null where none is known. */
function sparklineOf(increments: ServiceIncrements) {
  const [first] = increments.clusters;
  if (!first) return new Array<number | null>(SPARKS).fill(null);
  return [...first.total].map((_, i): number | null => {
    let requests = 0;
    let known = false;
    for (const cluster of increments.clusters) {
      if (!(cluster.knownSeconds[i] > 0)) continue;
      known = true;
      requests += cluster.total[i] / cluster.knownSeconds[i];
    }
    return known ? rounded(requests) : null;
  });
}

/** The services of a global namespace with their figures, all clusters together. */
export async function listServices(
  gns: string,
  loaded: LoadedWindow,
  { topology, context }: Scenery,
  increments: IncrementReader,
): Promise<ServiceTrafficList> {
  const { window, edges, coverage } = loaded;
  const length = window.to - window.from;
  const known = new Map(coverage.map(c => [c.cluster, c.known]));
  const hosts = new Map<string, { host: string; clusters: Set<string> }>();
  for (const node of topology.nodes) {
    if (node.kind !== 'service' || !node.service || !node.host) continue;
    const entry = hosts.get(node.service) ?? {
      host: node.host,
      clusters: new Set(),
    };
    entry.clusters.add(node.cluster);
    hosts.set(node.service, entry);
  }
  const flows = new Map<
    string,
    { all: Flow; clusters: Map<string, Flow>; callers: Set<string> }
  >();
  for (const edge of edges) {
    const { service } = edge.target;
    if (service === undefined || !hosts.has(service)) continue;
    let found = flows.get(service);
    if (!found) {
      found = { all: new Flow(), clusters: new Map(), callers: new Set() };
      flows.set(service, found);
    }
    found.all.add(edge, length);
    found.callers.add(nodeOf(edge.source, 'service', context, false).id);
    const cluster = nodeOf(edge.target, 'service', context, true).cluster;
    if (cluster === undefined) continue;
    const own = found.clusters.get(cluster) ?? new Flow();
    own.add(edge, length);
    found.clusters.set(cluster, own);
  }
  const names = [...hosts.keys()].sort();
  const step = length <= SHORT_SECONDS ? MINUTE : QUARTER;
  const to = floorTo(window.to, step);
  const range: IncrementRange = { from: to - SPARKS * step, to, step };
  const sparks = await increments.read(
    names.map(service => ({
      gns,
      service,
      view: 'client',
      latencyEdgesMs: [],
    })),
    range,
  );
  return {
    gns,
    from: isoOf(window.from),
    to: isoOf(window.to),
    coverage,
    items: names.map((service, i): ServiceTraffic => {
      const { host, clusters } = hosts.get(service)!;
      const own = flows.get(service);
      const shares = [...clusters].map(c => known.get(c) ?? 0);
      const figures = (flow: Flow | undefined, share: number) =>
        flow && flow.edges > 0
          ? roundFigures(flow.figures(length))
          : silentFigures(share);
      const total = figures(own?.all, Math.min(...shares));
      const pods = topology.nodes
        .filter(n => n.kind === 'service' && n.service === service)
        .map(n => n.health);
      return {
        service,
        host,
        health: healthOfServing(pods, total, {
          known: total.known,
          live: window.live,
        }),
        figures: total,
        clusters: [...clusters].sort().map(cluster => ({
          cluster,
          figures: figures(own?.clusters.get(cluster), known.get(cluster) ?? 0),
        })),
        callers: own?.callers.size ?? 0,
        sparkline: sparklineOf(sparks[i]),
      };
    }),
  };
}
