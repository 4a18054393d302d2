import { type Point } from './layered';

interface Segment {
  from: Point;
  to: Point;
  line: number;
}

const turn = (a: Point, b: Point, c: Point) =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** How often lines of straight pieces cross each other, ends that touch apart. For tests and benchmarks. */
export function countLineCrossings(
  lines: readonly (readonly Point[])[],
): number {
  const segments: Segment[] = [];
  lines.forEach((points, line) => {
    for (let i = 0; i + 1 < points.length; i += 1) {
      const [a, b] = [points[i], points[i + 1]];
      segments.push(
        a.x <= b.x ? { from: a, to: b, line } : { from: b, to: a, line },
      );
    }
  });
  segments.sort((a, b) => a.from.x - b.from.x);
  let crossings = 0;
  for (let i = 0; i < segments.length; i += 1) {
    const a = segments[i];
    for (let j = i + 1; j < segments.length; j += 1) {
      const b = segments[j];
      if (b.from.x >= a.to.x) break;
      if (a.line === b.line) continue;
      if (
        turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) < 0 &&
        turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) < 0
      ) {
        crossings += 1;
      }
    }
  }
  return crossings;
}
