/** A place on the map, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** How far below its ends a line of this length hangs, control point included. */
function sag(distance: number): number {
  return Math.min(360, 40 + distance * 0.2);
}

/** Room below the clusters of a map of this width for its arcs and their labels, in pixels. */
export function deepestArc(width: number): number {
  return Math.ceil(sag(width) * 0.75) + 28;
}

/**
 * A line that leaves downwards, passes under what lies between and arrives
 * from below. Longer lines hang deeper, so that they do not lie on each other.
 */
export function arcPath(
  from: Point,
  to: Point,
): { path: string; label: Point } {
  const bottom = Math.max(from.y, to.y) + sag(Math.abs(to.x - from.x));
  return {
    path: `M${from.x},${from.y} C${from.x},${bottom} ${to.x},${bottom} ${to.x},${to.y}`,
    // The point of the curve at its middle.
    label: {
      x: (from.x + to.x) / 2,
      y: (from.y + to.y) / 8 + (bottom * 6) / 8,
    },
  };
}
