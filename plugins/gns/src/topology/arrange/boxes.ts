import { type Point } from './layered';

/** Something to place: a leaf with its size, or a box around others. */
export interface Item {
  id: string;
  /** Id of the box around it. */
  parent?: string;
  /** Of leaves, pixels; of boxes the least. */
  width: number;
  height: number;
  /** Of boxes: room for the title, pixels. */
  head?: number;
}

/** A placed rectangle; `x` and `y` are relative to the parent, in pixels. */
export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  parent?: string;
}

/** Points that a line passes, relative to a box. */
export interface Route {
  /** Absent: the map itself. */
  within?: string;
  points: readonly Point[];
}

/** Where everything is. */
export interface Placement {
  /** Parents first. */
  boxes: ReadonlyMap<string, Box>;
  /** By `routeKey`; lines without one go straight. */
  routes: ReadonlyMap<string, Route>;
}

export interface Ends {
  source: string;
  target: string;
}

export const routeKey = ({ source, target }: Ends) => `${source}\n${target}`;

/** Distances, pixels. */
export const GAPS = {
  /** Between two columns of nodes: room for lines and their labels. */
  layer: 96,
  /** Between two columns of boxes. */
  boxLayer: 80,
  node: 18,
  /** Between lines that pass a column. */
  bend: 14,
  /** Between two boxes. */
  box: 40,
  /** Between a box and its contents. */
  padding: 16,
} as const;

/** Upper left corner of a box on the map. */
export function cornerOf(
  boxes: ReadonlyMap<string, Box>,
  id: string | undefined,
): Point {
  let x = 0;
  let y = 0;
  for (
    let box = id === undefined ? undefined : boxes.get(id);
    box;
    box = box.parent === undefined ? undefined : boxes.get(box.parent)
  ) {
    x += box.x;
    y += box.y;
  }
  return { x, y };
}

/** All boxes with their places on the map instead of in their parents. */
export function onMap(placement: Placement): Map<string, Box> {
  const placed = new Map<string, Box>();
  for (const box of placement.boxes.values()) {
    const parent =
      box.parent === undefined ? undefined : placed.get(box.parent);
    placed.set(box.id, {
      ...box,
      x: box.x + (parent?.x ?? 0),
      y: box.y + (parent?.y ?? 0),
    });
  }
  return placed;
}

/** The map's extent. */
export function extentOf(boxes: Iterable<Box>): Box {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  if (left > right) return { id: '', x: 0, y: 0, width: 0, height: 0 };
  return { id: '', x: left, y: top, width: right - left, height: bottom - top };
}
