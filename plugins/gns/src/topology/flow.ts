import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import { type Health, type TopologyNode } from '@isthmus/plugin-gns-common';
import { type TopologyGraph } from './graph';
import { type Box, layout } from './layout';

/** What a box draws. */
export interface BoxContent extends Record<string, unknown> {
  node: TopologyNode;
  /** Where lines leave and arrive. */
  anchors: NodeHandle[];
}

/** What a line draws. */
export interface LineContent extends Record<string, unknown> {
  health: Health;
  /** Clusters at its ends and the number of services, for bundles. */
  bundle?: { from: string; to: string; services: number };
}

export type FlowBox = Node<BoxContent>;
export type FlowLine = Edge<LineContent>;

/**
 * Nodes for React Flow with sizes and handles given, so that nothing is
 * measured: what is off screen is never mounted, and a test needs no browser.
 */
export function flowBoxes(graph: TopologyGraph): FlowBox[] {
  return layout(graph).flatMap(box => {
    const node = graph.nodes.get(box.id);
    return node ? [flowBox(box, node)] : [];
  });
}

function flowBox(box: Box, node: TopologyNode): FlowBox {
  const { width, height } = box;
  const side = { width: 1, height: 1 };
  const cluster = node.kind === 'cluster';
  const anchors: NodeHandle[] = [
    // Arcs leave a cluster at its lower right and arrive at its gateway.
    {
      id: 'below',
      type: 'source',
      position: Position.Bottom,
      x: cluster ? Math.round(width * 0.82) : Math.round(width / 2),
      y: height,
      ...side,
    },
    {
      id: 'under',
      type: 'target',
      position: Position.Bottom,
      x: cluster ? Math.round(width * 0.18) : Math.round(width / 2),
      y: height,
      ...side,
    },
    {
      id: 'right',
      type: 'source',
      position: Position.Right,
      x: width,
      y: Math.round(height / 2),
      ...side,
    },
    {
      id: 'left',
      type: 'target',
      position: Position.Left,
      x: 0,
      y: Math.round(height / 2),
      ...side,
    },
  ];
  return {
    id: box.id,
    type: node.kind,
    parentId: box.parent,
    position: { x: box.x, y: box.y },
    width,
    height,
    measured: { width, height },
    handles: anchors,
    data: { node, anchors },
    draggable: false,
    connectable: false,
    selectable: node.kind === 'service' || node.kind === 'gateway',
    focusable: true,
  };
}

/** The lines that are always there: one arc per pair of clusters. */
export function bundleLines(graph: TopologyGraph): FlowLine[] {
  return graph.bundles.flatMap(bundle => {
    const from = graph.clusters.find(one => one.node.cluster === bundle.from);
    const to = graph.clusters.find(one => one.node.cluster === bundle.to);
    if (!from || !to) return [];
    return [
      {
        id: bundle.id,
        type: 'arc',
        source: from.node.id,
        sourceHandle: 'below',
        target: to.gateways[0]?.id ?? to.node.id,
        targetHandle: 'under',
        focusable: false,
        selectable: false,
        interactionWidth: 0,
        data: {
          health: bundle.health,
          bundle: {
            from: bundle.from,
            to: bundle.to,
            services: bundle.services.length,
          },
        },
      },
    ];
  });
}

/** The lines of one selected service: who reaches it, and where else it runs. */
export function serviceLines(
  graph: TopologyGraph,
  selected: string,
): FlowLine[] {
  return graph.edges.flatMap(edge => {
    const touches = edge.source === selected || edge.target === selected;
    if (!touches) return [];
    const source = graph.nodes.get(edge.source);
    const target = graph.nodes.get(edge.target);
    if (!source || !target) return [];
    return [
      {
        id: edge.id,
        type: edge.kind === 'route' ? 'route' : 'same',
        source: edge.source,
        sourceHandle: 'right',
        target: edge.target,
        targetHandle: 'left',
        focusable: false,
        selectable: false,
        interactionWidth: 0,
        zIndex: 10,
        data: { health: edge.health },
      },
    ];
  });
}
