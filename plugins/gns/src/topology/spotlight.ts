import { type Health } from '@isthmus/plugin-gns-common';
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
  const home = graph.nodes.get(selected)?.cluster;
  const groupOf = (cluster?: string) =>
    graph.clusters.find(one => one.node.cluster === cluster);
  const light = (cluster?: string) => {
    const group = groupOf(cluster);
    if (group) boxes.add(group.node.id);
    return group;
  };
  light(home);

  for (const edge of graph.edges) {
    const touches = edge.source === selected || edge.target === selected;
    if (!touches) continue;
    const other = edge.source === selected ? edge.target : edge.source;
    const cluster = graph.nodes.get(other)?.cluster;
    if (edge.kind === 'sameService') {
      boxes.add(other);
      light(cluster);
      lines.push(line(edge.id, 'same', edge.source, edge.target, edge.health));
    } else if (edge.target === selected && cluster !== home) {
      const callers = light(cluster);
      const gateway = groupOf(home)?.gateways[0];
      if (callers?.gateways[0]) boxes.add(callers.gateways[0].id);
      for (const bundle of graph.bundles) {
        const ends: readonly (string | undefined)[] = bundle.between;
        if (ends.includes(cluster) && ends.includes(home)) {
          bundles.add(bundle.id);
        }
      }
      if (gateway && !boxes.has(gateway.id)) {
        boxes.add(gateway.id);
        lines.push(
          line(
            `inside:${selected}`,
            'inside',
            gateway.id,
            selected,
            edge.health,
          ),
        );
      }
    }
  }
  return { selected, boxes, bundles, lines };
}

function line(
  id: string,
  type: 'same' | 'inside',
  source: string,
  target: string,
  health: Health,
): FlowLine {
  return {
    id,
    type,
    source,
    sourceHandle: type === 'same' ? 'right' : 'out',
    target,
    targetHandle: 'left',
    focusable: false,
    selectable: false,
    interactionWidth: 0,
    zIndex: 10,
    data: { health },
  };
}
