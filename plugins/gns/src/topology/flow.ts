import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import { type Health, type TopologyNode } from '@isthmus/plugin-gns-common';
import { deepestArc } from './arcPath';
import { type Bundle, type TopologyGraph } from './graph';
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
  /** The routes that it stands for, when it is a bundle. */
  bundle?: Bundle;
}

export type FlowBox = Node<BoxContent>;
export type FlowLine = Edge<LineContent>;

/**
 * Nodes for React Flow with sizes and handles given, so that nothing is
 * measured: what is off screen is never mounted, and a test needs no browser.
 */
export function flowBoxes(graph: TopologyGraph): FlowBox[] {
  const boxes = layout(graph);
  return boxes.flatMap(box => {
    const node = graph.nodes.get(box.id);
    return node ? [flowBox(box, node)] : [];
  });
}

/**
 * An empty box below the last row, so that "show all" leaves room for the
 * arcs, which count for nothing there.
 */
export function arcRoom(boxes: readonly FlowBox[]): Node[] {
  const top = boxes.filter(box => !box.parentId);
  if (top.length < 2) return [];
  const right = Math.max(...top.map(b => b.position.x + (b.width ?? 0)));
  const bottom = Math.max(...top.map(b => b.position.y + (b.height ?? 0)));
  const size = { width: right, height: deepestArc(right) };
  return [
    {
      id: 'room',
      type: 'room',
      position: { x: 0, y: bottom },
      ...size,
      measured: size,
      data: {},
      draggable: false,
      selectable: false,
      focusable: false,
      connectable: false,
      domAttributes: { 'aria-hidden': true },
      style: { pointerEvents: 'none' },
    },
  ];
}

function flowBox(box: Box, node: TopologyNode): FlowBox {
  const { width, height } = box;
  const side = { width: 1, height: 1 };
  const anchors: NodeHandle[] = [
    {
      id: 'below',
      type: 'source',
      position: Position.Bottom,
      x: Math.round(width / 2),
      y: height,
      ...side,
    },
    {
      id: 'under',
      type: 'target',
      position: Position.Bottom,
      x: Math.round(width / 2),
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
      id: 'out',
      type: 'source',
      position: Position.Left,
      x: 0,
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
    selectable: node.kind === 'service',
    focusable: true,
  };
}

/** The lines that are always there: one arc per pair of clusters. */
export function bundleLines(graph: TopologyGraph): FlowLine[] {
  const endOf = (name: string) => {
    const group = graph.clusters.find(one => one.node.cluster === name);
    return group?.gateways[0]?.id ?? group?.node.id;
  };
  return graph.bundles.flatMap(bundle => {
    const source = endOf(bundle.between[0]);
    const target = endOf(bundle.between[1]);
    if (!source || !target) return [];
    return [
      {
        id: bundle.id,
        type: 'arc',
        source,
        sourceHandle: 'below',
        target,
        targetHandle: 'under',
        focusable: false,
        selectable: false,
        interactionWidth: 0,
        data: { health: bundle.health, bundle },
      },
    ];
  });
}
