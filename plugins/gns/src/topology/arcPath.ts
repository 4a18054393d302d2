export interface Point {
  x: number;
  y: number;
}

/**
 * A line that leaves downwards, passes under what lies between and arrives
 * from below. Longer lines hang deeper, so that they do not lie on each other.
 */
export function arcPath(
  from: Point,
  to: Point,
): { path: string; label: Point } {
  const distance = Math.abs(to.x - from.x);
  const depth = Math.min(110, 34 + distance * 0.07);
  const bottom = Math.max(from.y, to.y) + depth;
  const path = `M${from.x},${from.y} C${from.x},${bottom} ${to.x},${bottom} ${to.x},${to.y}`;
  return {
    path,
    // The point of the curve at its middle.
    label: {
      x: (from.x + to.x) / 2,
      y: (from.y + to.y) / 8 + (bottom * 6) / 8,
    },
  };
}
