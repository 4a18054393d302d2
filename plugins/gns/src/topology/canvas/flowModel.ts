import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import { type TrafficEdge, type TrafficNode } from '@isthmus/plugin-gns-common';
import { type Box, cornerOf, type Placement, routeKey } from '../arrange/boxes';
import { type Point } from '../arrange/layered';
import { type View } from '../picture/view';

/** What a node draws. */
export interface NodeContent extends Record<string, unknown> {
  node: TrafficNode;
  /** Others lie in it. */
  isBox: boolean;
  /** A person put it where it is. */
  isPinned: boolean;
}

/** What an edge draws. */
export interface EdgeContent extends Record<string, unknown> {
  edge: TrafficEdge;
  bends: readonly Point[];
  /** Pixels that it gives way to another between the same nodes. */
  beside: number;
  isLoop: boolean;
  /** Of the node that it leaves, pixels. */
  height: number;
}

export type FlowNode = Node<NodeContent>;
export type FlowEdge = Edge<EdgeContent>;

/** Boxes below lines, lines below nodes. */
const LAYER = { cluster: 0, namespace: 1, box: 2, edge: 5, node: 10 };

function layerOf(node: TrafficNode, isBox: boolean): number {
  if (!isBox) return LAYER.node;
  if (node.kind === 'cluster') return LAYER.cluster;
  return node.kind === 'namespace' ? LAYER.namespace : LAYER.box;
}

/** Where lines leave and arrive: given, so that nothing is measured. */
export function handlesOf(box: Pick<Box, 'width' | 'height'>): NodeHandle[] {
  const middle = { y: Math.round(box.height / 2), width: 1, height: 1 };
  return [
    { type: 'source', position: Position.Right, x: box.width, ...middle },
    { type: 'target', position: Position.Left, x: 0, ...middle },
  ];
}

/**
 * Makes React Flow's nodes and edges. What did not change keeps its identity,
 * so that a refresh draws only what it changed.
 */
export class FlowModel {
  #nodes = new Map<string, { made: FlowNode; key: unknown[] }>();
  #edges = new Map<string, { made: FlowEdge; key: unknown[] }>();

  nodesOf(input: {
    view: View;
    boxes: ReadonlyMap<string, Box>;
    pins: ReadonlyMap<string, Point>;
    /** The only one that Tab reaches. */
    current?: string;
    label: (node: TrafficNode) => string;
  }): FlowNode[] {
    const { view, boxes, pins, current, label } = input;
    const next = new Map<string, { made: FlowNode; key: unknown[] }>();
    for (const [id, box] of boxes) {
      const node = view.nodes.get(id);
      if (!node) continue;
      const isBox = view.boxes.has(id);
      const isPinned = pins.has(id);
      const key = [
        node,
        isBox,
        isPinned,
        current === id,
        label,
        box.x,
        box.y,
        box.width,
        box.height,
      ];
      const was = this.#nodes.get(id);
      const made =
        was && same(was.key, key)
          ? was.made
          : flowNode(box, { node, isBox, isPinned }, current === id, label);
      next.set(id, { made, key });
    }
    this.#nodes = next;
    return [...next.values()].map(one => one.made);
  }

  edgesOf(input: {
    view: View;
    boxes: ReadonlyMap<string, Box>;
    placement: Placement;
    label: (edge: TrafficEdge) => string;
  }): FlowEdge[] {
    const { view, boxes, placement, label } = input;
    const next = new Map<string, { made: FlowEdge; key: unknown[] }>();
    const seen = new Map<string, number>();
    for (const edge of view.edges.values()) {
      const from = boxes.get(edge.source);
      if (!from || !boxes.has(edge.target)) continue;
      const pair = routeKey(edge);
      const nth = seen.get(pair) ?? 0;
      seen.set(pair, nth + 1);
      const route = placement.routes.get(pair);
      const corner = cornerOf(placement.boxes, route?.within);
      const key = [edge, nth, route, corner.x, corner.y, from.height, label];
      const was = this.#edges.get(edge.id);
      if (was && same(was.key, key)) {
        next.set(edge.id, was);
        continue;
      }
      const bends = (route?.points ?? []).map(point => ({
        x: point.x + corner.x,
        y: point.y + corner.y,
      }));
      next.set(edge.id, {
        key,
        made: {
          id: edge.id,
          type: 'call',
          source: edge.source,
          target: edge.target,
          zIndex: LAYER.edge,
          focusable: false,
          selectable: false,
          ariaLabel: label(edge),
          data: {
            edge,
            bends,
            beside: nth * 22,
            isLoop: edge.source === edge.target,
            height: from.height,
          },
        },
      });
    }
    this.#edges = next;
    return [...next.values()].map(one => one.made);
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((value, i) => value === b[i]);
}

function flowNode(
  box: Box,
  data: NodeContent,
  isCurrent: boolean,
  label: (node: TrafficNode) => string,
): FlowNode {
  const { width, height } = box;
  const { node, isBox } = data;
  return {
    id: box.id,
    type: isBox ? 'box' : 'leaf',
    position: { x: box.x, y: box.y },
    width,
    height,
    measured: { width, height },
    handles: handlesOf(box),
    data,
    zIndex: layerOf(node, isBox),
    draggable: !isBox,
    connectable: false,
    selectable: false,
    focusable: true,
    ariaLabel: label(node),
    // One tab stop for the whole graph; arrows walk from there.
    domAttributes: {
      tabIndex: isCurrent ? 0 : -1,
      'aria-roledescription': undefined,
    },
  };
}
