import { type Point } from '../arrange/layered';

/** Where a line runs. */
export interface EdgePath {
  /** SVG path. */
  path: string;
  /** Where its label stands. */
  label: Point;
}

const round = (value: number) => Math.round(value * 10) / 10;
const at = (point: Point) => `${round(point.x)},${round(point.y)}`;

/** How far a curve leaves straight ahead before it turns. */
function reach(from: Point, to: Point): number {
  const ahead = to.x - from.x;
  return ahead >= 0
    ? Math.max(24, ahead / 2)
    : Math.min(220, 40 + Math.sqrt(-ahead) * 6);
}

/** Of a cubic curve at its middle. */
function middle(a: Point, b: Point, c: Point, d: Point): Point {
  return {
    x: (a.x + 3 * b.x + 3 * c.x + d.x) / 8,
    y: (a.y + 3 * b.y + 3 * c.y + d.y) / 8,
  };
}

/**
 * A curve from the right side of the caller to the left side of the called,
 * through `bends`.
 *
 * @param beside - how far the curve is moved down, so that two calls between
 *   the same nodes do not lie on each other
 */
export function edgePath(
  from: Point,
  to: Point,
  bends: readonly Point[] = [],
  beside = 0,
): EdgePath {
  const points = [from, ...bends, to];
  let path = `M${at(from)}`;
  let label = from;
  const labelled = Math.floor((points.length - 2) / 2);
  for (let i = 0; i + 1 < points.length; i += 1) {
    const a = points[i];
    const d = points[i + 1];
    const far = reach(a, d);
    const b = { x: a.x + far, y: a.y + beside };
    const c = { x: d.x - far, y: d.y + beside };
    path += ` C${at(b)} ${at(c)} ${at(d)}`;
    if (i === labelled) label = middle(a, b, c, d);
  }
  return { path, label: { x: round(label.x), y: round(label.y) } };
}

/** A loop above a node that calls itself. */
export function loopPath(from: Point, to: Point, height: number): EdgePath {
  const top = from.y - height / 2 - 34;
  const out = { x: from.x + 40, y: top };
  const back = { x: to.x - 40, y: top };
  return {
    path: `M${at(from)} C${at(out)} ${at(back)} ${at(to)}`,
    label: { x: round((from.x + to.x) / 2), y: round(top + 8) },
  };
}
