import { type TopologyEdge } from '@isthmus/plugin-gns-common';
import { type FlowLine } from './flow';
import { type TopologyGraph } from './graph';

/** What stays bright while one service is selected, and the lines it adds. */
export interface Spotlight {
  selected: string;
  /** Ids of boxes. */
  boxes: ReadonlySet<string>;
  /** Ids of bundles. */
  bundles: ReadonlySet<string>;
  lines: FlowLine[];
}

/**
 * The way of a call to the selected service: from the callers' clusters along
 * their arcs to the gateway of its cluster, and from there to it. Dotted: the
 * other clusters that serve the same host.
 */
export function spotlight(graph: TopologyGraph, selected: string): Spotlight {
  const boxes = new Set([selected]);
  const bundles = new Set<string>();
  const lines: FlowLine[] = [];
  const service = graph.nodes.get(selected);
  const light = (cluster?: string) => {
    const group = graph.clusters.find(one => one.node.cluster === cluster);
    if (group) boxes.add(group.node.id);
    return group;
  };
  light(service?.cluster);

  const entrances = graph.edges.filter(
    edge => edge.kind === 'route' && edge.target === selected,
  );
  for (const entrance of entrances) {
    boxes.add(entrance.source);
    lines.push(line(entrance, 'inside'));
    for (const route of graph.edges) {
      if (route.kind !== 'route' || route.target !== entrance.source) continue;
      const caller = light(graph.nodes.get(route.source)?.cluster);
      if (!caller) continue;
      if (caller.gateways[0]) boxes.add(caller.gateways[0].id);
      const ends = [caller.node.cluster, service?.cluster];
      for (const bundle of graph.bundles) {
        if (bundle.between.every(name => ends.includes(name))) {
          bundles.add(bundle.id);
        }
      }
    }
  }
  for (const edge of graph.edges) {
    const source = graph.nodes.get(edge.source);
    if (edge.kind !== 'sameService' || source?.service !== service?.service) {
      continue;
    }
    for (const id of [edge.source, edge.target]) {
      boxes.add(id);
      light(graph.nodes.get(id)?.cluster);
    }
    lines.push(line(edge, 'same'));
  }
  return { selected, boxes, bundles, lines };
}

function line(edge: TopologyEdge, type: 'same' | 'inside'): FlowLine {
  return {
    id: edge.id,
    type,
    source: edge.source,
    sourceHandle: type === 'same' ? 'right' : 'out',
    target: edge.target,
    targetHandle: 'left',
    focusable: false,
    selectable: false,
    interactionWidth: 0,
    zIndex: 10,
    data: { health: edge.health },
  };
}
