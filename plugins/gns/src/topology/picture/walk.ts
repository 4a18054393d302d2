import { type TrafficEdge } from '@isthmus/plugin-gns-common';
import { type Box } from '../arrange/boxes';
import { type View } from './view';

/** Where a keyboard walk stands, and how it came there. */
export interface Walk {
  node: string;
  /** The edge that was walked, and the end that it began at. */
  along?: { edge: string; from: string };
}

export type Step = 'left' | 'right' | 'up' | 'down';

/** By what is called most, then by name. */
function busiest(a: TrafficEdge, b: TrafficEdge): number {
  const rate = (b.figures.requests ?? 0) - (a.figures.requests ?? 0);
  if (rate !== 0) return rate;
  return a.id < b.id ? -1 : 1;
}

const edgesOf = (view: View, node: string, end: 'source' | 'target') =>
  [...view.edges.values()]
    .filter(edge => edge[end] === node && edge.source !== edge.target)
    .sort(busiest);

/**
 * One step of a walk along edges: right to what is called most, left to who
 * calls most, up and down through the other callers or called of the node that
 * the walk came from; where it came from nowhere, to the next node above or
 * below. Undefined: there is nothing that way.
 */
export function walk(
  view: View,
  boxes: ReadonlyMap<string, Box>,
  from: Walk,
  step: Step,
): Walk | undefined {
  if (step === 'right' || step === 'left') {
    const [own, other] =
      step === 'right'
        ? (['source', 'target'] as const)
        : (['target', 'source'] as const);
    const [edge] = edgesOf(view, from.node, own);
    return edge
      ? { node: edge[other], along: { edge: edge.id, from: from.node } }
      : undefined;
  }
  const turn = step === 'down' ? 1 : -1;
  if (from.along) {
    const walked = view.edges.get(from.along.edge);
    if (walked) {
      const own = walked.source === from.along.from ? 'source' : 'target';
      const other = own === 'source' ? 'target' : 'source';
      const siblings = edgesOf(view, from.along.from, own);
      const next = siblings[siblings.indexOf(walked) + turn];
      return next
        ? {
            node: next[other],
            along: { edge: next.id, from: from.along.from },
          }
        : undefined;
    }
  }
  return nextNode(view, boxes, from.node, turn);
}

/** The nearest node above or below that is no box. */
function nextNode(
  view: View,
  boxes: ReadonlyMap<string, Box>,
  from: string,
  turn: 1 | -1,
): Walk | undefined {
  const here = boxes.get(from);
  if (!here) return undefined;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [id, box] of boxes) {
    if (id === from || view.boxes.has(id) || !view.nodes.has(id)) continue;
    const down = (box.y - here.y) * turn;
    if (down <= 0) continue;
    const far = down + 3 * Math.abs(box.x - here.x);
    if (far < least) {
      least = far;
      best = id;
    }
  }
  return best === undefined ? undefined : { node: best };
}

/** Where a walk begins: the first node from the upper left. */
export function firstNode(
  view: View,
  boxes: ReadonlyMap<string, Box>,
): string | undefined {
  let best: Box | undefined;
  for (const [id, box] of boxes) {
    if (view.boxes.has(id) || !view.nodes.has(id)) continue;
    if (!best || box.x + box.y < best.x + best.y) best = box;
  }
  return best?.id;
}
