import { GAPS, routeKey } from './boxes';
import { layered, type Point } from './layered';
import { type Pieces } from './slices';
import { type Lifted } from './tree';

/** A child of a box, its size known. */
export interface Sized {
  id: string;
  width: number;
  height: number;
  /** It has children itself. */
  isBox: boolean;
}

export interface Arranged {
  /** Upper left corners, from 0. */
  at: Map<string, Point>;
  routes: Map<string, Point[]>;
}

/** Width by height that a map is best near to. */
const ASPECT = 1.6;

/**
 * Places children that have no place yet: what calls each other in layers,
 * the rest in rows below.
 */
export function* arrangeFresh(
  children: readonly Sized[],
  edges: readonly Lifted[],
): Pieces<Arranged> {
  const joined = new Set(edges.flatMap(edge => [edge.source, edge.target]));
  const connected = children.filter(child => joined.has(child.id));
  const alone = children.filter(child => !joined.has(child.id));
  const arranged: Arranged = { at: new Map(), routes: new Map() };
  let width = 0;
  let height = 0;
  if (connected.length > 0) {
    const index = new Map(connected.map((child, i) => [child.id, i]));
    const hasBoxes = connected.some(child => child.isBox);
    const result = yield* layered({
      widths: connected.map(child => child.width),
      heights: connected.map(child => child.height),
      edges: edges.map(
        edge => [index.get(edge.source)!, index.get(edge.target)!] as const,
      ),
      weights: edges.map(edge => edge.weight),
      gaps: {
        layer: hasBoxes ? GAPS.boxLayer : GAPS.layer,
        node: hasBoxes ? GAPS.box : GAPS.node,
        bend: GAPS.bend,
      },
      tallest: Math.max(6, Math.ceil(Math.sqrt(connected.length) * 1.2)),
    });
    connected.forEach((child, i) =>
      arranged.at.set(child.id, { x: result.x[i], y: result.y[i] }),
    );
    edges.forEach((edge, e) => {
      const bends = result.bends.get(e);
      if (bends) arranged.routes.set(routeKey(edge), bends);
    });
    ({ width, height } = result);
  }
  if (alone.length > 0) {
    const top = height > 0 ? height + GAPS.box : 0;
    for (const [id, place] of inRows(alone, width)) {
      arranged.at.set(id, { x: place.x, y: place.y + top });
    }
  }
  return arranged;
}

/**
 * Rows of whatever width comes nearest to a good shape.
 *
 * @param least - width that there is anyway
 * @param beside - width of what stands beside the rows
 */
export function inRows(
  children: readonly Sized[],
  least: number,
  beside = 0,
): Map<string, Point> {
  const gap = children.some(child => child.isBox) ? GAPS.box : GAPS.node;
  let best: Map<string, Point> | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  const most = Math.max(1, Math.ceil(Math.sqrt(children.length) * 2));
  for (
    let columns = 1;
    columns <= Math.min(most, children.length);
    columns += 1
  ) {
    const at = new Map<string, Point>();
    let width = 0;
    let y = 0;
    for (let first = 0; first < children.length; first += columns) {
      const row = children.slice(first, first + columns);
      let x = 0;
      for (const child of row) {
        at.set(child.id, { x, y });
        x += child.width + gap;
      }
      width = Math.max(width, x - gap);
      y += Math.max(...row.map(child => child.height)) + gap;
    }
    const height = y - gap;
    const wide = Math.max(width, least) + beside;
    const cost = Math.abs(
      Math.log(Math.max(1, wide) / Math.max(1, height) / ASPECT),
    );
    if (cost < bestCost) {
      bestCost = cost;
      best = at;
    }
  }
  return best ?? new Map();
}

/**
 * The map itself: boxes in rows by name, so that everybody finds them; who
 * only calls on the left, everything else that lies in no box on the right.
 */
export function* arrangeMap(
  children: readonly Sized[],
  edges: readonly Lifted[],
): Pieces<Arranged> {
  const boxes = children.filter(child => child.isBox);
  if (boxes.length === 0) return yield* arrangeFresh(children, edges);
  const called = new Set(edges.map(edge => edge.target));
  const calls = new Set(edges.map(edge => edge.source));
  const loose = children.filter(child => !child.isBox);
  const left = loose.filter(
    child => calls.has(child.id) && !called.has(child.id),
  );
  const right = loose.filter(child => !left.includes(child));
  const widest = (nodes: Sized[]) =>
    nodes.reduce((most, node) => Math.max(most, node.width + GAPS.layer), 0);
  const at = inRows(boxes, 0, widest(left) + widest(right));
  const width = Math.max(...boxes.map(b => at.get(b.id)!.x + b.width));
  const middleOf = (child: Sized) => {
    const near = edges
      .flatMap(edge => {
        if (edge.source === child.id) return [edge.target];
        return edge.target === child.id ? [edge.source] : [];
      })
      .flatMap(id => {
        const box = boxes.find(b => b.id === id);
        return box ? [at.get(id)!.y + box.height / 2] : [];
      });
    return near.length > 0
      ? near.reduce((sum, y) => sum + y, 0) / near.length
      : 0;
  };
  const column = (nodes: Sized[], x: (node: Sized) => number) => {
    const placed = new Map<string, Point>();
    let y = 0;
    for (const node of [...nodes].sort((a, b) => middleOf(a) - middleOf(b))) {
      y = Math.max(y, middleOf(node) - node.height / 2);
      placed.set(node.id, { x: x(node), y: Math.round(y) });
      y += node.height + GAPS.node;
    }
    return placed;
  };
  const onLeft = column(left, node => -GAPS.layer - node.width);
  const onRight = column(right, () => width + GAPS.layer);
  yield;
  return { at: new Map([...at, ...onLeft, ...onRight]), routes: new Map() };
}
