import { type Box, type Ends, GAPS } from './boxes';
import { type Sized } from './fresh';
import { type Point } from './layered';

interface Rect extends Point {
  width: number;
  height: number;
}

const overlaps = (a: Rect, b: Rect, gap: number) =>
  a.x < b.x + b.width + gap &&
  b.x < a.x + a.width + gap &&
  a.y < b.y + b.height + gap &&
  b.y < a.y + a.height + gap;

/**
 * Places for the children of a box of which some have theirs already: those
 * stay, newcomers go beside their neighbours, and only what a grown box would
 * cover makes way, to the right or downwards.
 *
 * @param before - places that the children had
 * @param floor - least x and y; absent on the map
 */
export function keepPlaces(
  children: readonly Sized[],
  edges: readonly Ends[],
  before: ReadonlyMap<string, Box>,
  floor?: Point,
): Map<string, Point> {
  const placed = new Map<string, Rect>();
  const grown: string[] = [];
  for (const child of children) {
    const was = before.get(child.id);
    if (!was) continue;
    const { width, height } = child;
    placed.set(child.id, { x: was.x, y: was.y, width, height });
    if (width > was.width || height > was.height) grown.push(child.id);
  }
  makeWay(placed, grown);
  for (const child of children) {
    if (placed.has(child.id)) continue;
    placed.set(child.id, freePlace(child, edges, placed, floor));
  }
  return new Map([...placed].map(([id, { x, y }]) => [id, { x, y }]));
}

/** Pushes what lies under the grown, and then what lies under that. */
function makeWay(placed: Map<string, Rect>, grown: readonly string[]): void {
  const queue = [...grown];
  // Everything moves right and down only, so it ends; the bound is for safety.
  for (let turns = 0; queue.length > 0 && turns < 10_000; turns += 1) {
    const id = queue.shift()!;
    const mover = placed.get(id)!;
    for (const [other, rect] of placed) {
      if (other === id || !overlaps(mover, rect, GAPS.node - 2)) continue;
      const right = mover.x + mover.width + GAPS.box - rect.x;
      const down = mover.y + mover.height + GAPS.box - rect.y;
      if (right < down) rect.x += right;
      else rect.y += down;
      queue.push(other);
    }
  }
}

/** The free place nearest to where the neighbours would have it. */
function freePlace(
  child: Sized,
  edges: readonly Ends[],
  placed: ReadonlyMap<string, Rect>,
  floor?: Point,
): Rect {
  const { width, height } = child;
  const gap = child.isBox ? GAPS.box : GAPS.node;
  const wished = wishOf(child, edges, placed, floor);
  const all = [...placed.values()];
  const candidates: Point[] = [wished];
  for (const rect of all) {
    candidates.push(
      { x: rect.x, y: rect.y + rect.height + gap },
      { x: rect.x, y: rect.y - height - gap },
      { x: rect.x + rect.width + GAPS.layer, y: rect.y },
      { x: rect.x - width - GAPS.layer, y: rect.y },
    );
  }
  const right = Math.max(0, ...all.map(rect => rect.x + rect.width));
  const bottom = Math.max(0, ...all.map(rect => rect.y + rect.height));
  let best: Rect | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const { x, y } of candidates) {
    if (floor && (x < floor.x || y < floor.y)) continue;
    const rect = { x: Math.round(x), y: Math.round(y), width, height };
    if (all.some(other => overlaps(rect, other, gap - 2))) continue;
    // A box that need not grow moves nobody else.
    const growth =
      Math.max(0, x + width - right) + Math.max(0, y + height - bottom);
    const cost =
      Math.hypot(x - wished.x, y - wished.y) + (floor ? growth * 2 : growth);
    if (cost < bestCost) {
      bestCost = cost;
      best = rect;
    }
  }
  return (
    best ?? { x: floor?.x ?? 0, y: Math.round(bottom + gap), width, height }
  );
}

/** Right of its callers, left of what it calls; without either, at the end. */
function wishOf(
  child: Sized,
  edges: readonly Ends[],
  placed: ReadonlyMap<string, Rect>,
  floor?: Point,
): Point {
  const wishes: Point[] = [];
  for (const { source, target } of edges) {
    if (target === child.id) {
      const caller = placed.get(source);
      if (caller) {
        wishes.push({
          x: caller.x + caller.width + GAPS.layer,
          y: caller.y + (caller.height - child.height) / 2,
        });
      }
    } else if (source === child.id) {
      const server = placed.get(target);
      if (server) {
        wishes.push({
          x: server.x - GAPS.layer - child.width,
          y: server.y + (server.height - child.height) / 2,
        });
      }
    }
  }
  if (wishes.length === 0) {
    const bottom = Math.max(
      floor?.y ?? 0,
      ...[...placed.values()].map(rect => rect.y + rect.height + GAPS.node),
    );
    return { x: floor?.x ?? 0, y: bottom };
  }
  const mean = (pick: (point: Point) => number) =>
    wishes.reduce((sum, one) => sum + pick(one), 0) / wishes.length;
  return {
    x: Math.max(
      floor?.x ?? Number.NEGATIVE_INFINITY,
      mean(one => one.x),
    ),
    y: Math.max(
      floor?.y ?? Number.NEGATIVE_INFINITY,
      mean(one => one.y),
    ),
  };
}
