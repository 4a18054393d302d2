import {
  type Traffic,
  type TrafficEdge,
  type TrafficLevel,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { seededMesh } from '../src/topology/arrange/seededMesh';
import { figuresOf, shopTraffic, UNKNOWN_FIGURES } from './traffic';

/** A mesh of many services, for frames and re-renders: the same each time. */
export function bigTraffic(
  services: number,
  level: TrafficLevel = 'service',
): Traffic {
  const mesh = seededMesh({ services });
  const kindOf = (id: string) => id.split('/')[0] as TrafficNode['kind'];
  const shown = {
    cluster: ['cluster'],
    namespace: ['cluster', 'namespace'],
    service: ['cluster', 'namespace', 'service'],
    workload: ['cluster', 'namespace', 'service'],
  }[level];
  const parentOf = new Map(mesh.items.map(item => [item.id, item.parent]));
  const raise = (id: string): string => {
    const parent = parentOf.get(id);
    return shown.includes(kindOf(id)) || parent === undefined
      ? id
      : raise(parent);
  };
  const nodes = mesh.items
    .filter(item => shown.includes(kindOf(item.id)))
    .map((item, i): TrafficNode => {
      const [, cluster, namespace, service] = item.id.split('/');
      return {
        id: item.id,
        kind: kindOf(item.id),
        label: item.id.split('/').at(-1)!,
        cluster,
        ...(namespace === undefined ? {} : { namespace }),
        ...(service === undefined ? {} : { service }),
        ...(item.parent === undefined ? {} : { parent: item.parent }),
        health: i % 40 === 0 ? 'degraded' : 'healthy',
        idle: false,
        inbound: figuresOf(10 + (i % 90)),
        outbound: UNKNOWN_FIGURES,
      };
    });
  const edges = new Map<string, TrafficEdge>();
  mesh.edges.forEach((edge, i) => {
    const source = raise(edge.source);
    const target = raise(edge.target);
    if (source === target) return;
    const id = `${source}>${target}>http`;
    edges.set(id, {
      id,
      source,
      target,
      protocol: 'http',
      health: i % 50 === 0 ? 'degraded' : 'healthy',
      idle: false,
      crossCluster: false,
      reportedBy: 'client',
      figures: figuresOf(1 + (i % 40)),
    });
  });
  return shopTraffic('service', {
    gns: 'big',
    level,
    nodes,
    edges: [...edges.values()],
    coverage: [],
  });
}
