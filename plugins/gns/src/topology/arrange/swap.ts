import { type Box, type Ends, onMap, routeKey, type Route } from './boxes';
import { type Point } from './layered';
import { adjacencyOf, type IndexedEdges } from './ranks';
import { type Pieces } from './slices';

const ROUNDS = 3;
/** Others that a node is tried against, so that a box of thousands takes no seconds. */
const REACH = 120;
/** A line that leads back to another box counts as so many times its length. */
const BACKWARDS = 1.3;
/** One within its box as so many pixels more: layers stay layers. */
const AGAINST_LAYERS = 1e6;

/**
 * Lets leaves of the same size in the same box change places where that makes
 * the lines shorter, those to other boxes too: the layers inside a box know
 * nothing of what lies around it. Changes `places`; routes of what moved go.
 *
 * @param boxes - everything, by id, parents first
 * @param within - boxes whose contents may move
 */
export function* swapLeaves(
  boxes: ReadonlyMap<string, Box>,
  edges: readonly Ends[],
  within: ReadonlyMap<string, readonly string[]>,
  places: ReadonlyMap<string, Map<string, Point>>,
  routes: Map<string, Route>,
): Pieces<void> {
  const at = [...onMap({ boxes, routes }).values()];
  const index = new Map(at.map((box, i) => [box.id, i]));
  const known = edges.filter(
    edge => index.has(edge.source) && index.has(edge.target),
  );
  const ends: IndexedEdges = {
    sources: Int32Array.from(known, edge => index.get(edge.source)!),
    targets: Int32Array.from(known, edge => index.get(edge.target)!),
  };
  const out = adjacencyOf(ends.sources, at.length);
  const into = adjacencyOf(ends.targets, at.length);
  const x = Float64Array.from(at, box => box.x);
  const y = Float64Array.from(at, box => box.y + box.height / 2);
  const width = Float64Array.from(at, box => box.width);
  const box = Int32Array.from(at, ({ parent }) =>
    parent === undefined ? -1 : index.get(parent)!,
  );
  const length = (from: number, to: number) => {
    const right = x[to] - x[from] - width[from];
    const across = right < 0 ? right * BACKWARDS : right;
    const down = y[to] - y[from];
    const far = Math.sqrt(across * across + down * down);
    return right < 0 && box[to] === box[from] ? far + AGAINST_LAYERS : far;
  };
  const cost = (v: number) => {
    let sum = 0;
    for (let i = out.start[v]; i < out.start[v + 1]; i += 1) {
      sum += length(v, ends.targets[out.edge[i]]);
    }
    for (let i = into.start[v]; i < into.start[v + 1]; i += 1) {
      sum += length(ends.sources[into.edge[i]], v);
    }
    return sum;
  };
  const swap = (a: number, b: number) => {
    [x[a], x[b]] = [x[b], x[a]];
    [y[a], y[b]] = [y[b], y[a]];
  };
  yield;

  const moved = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    let changes = 0;
    for (const ids of within.values()) {
      const nodes = ids.map(id => index.get(id)!);
      for (let i = 0; i < nodes.length; i += 1) {
        const a = nodes[i];
        const reach = Math.min(nodes.length, i + REACH);
        let own = cost(a);
        for (let j = i + 1; j < reach; j += 1) {
          const b = nodes[j];
          if (at[a].width !== at[b].width || at[a].height !== at[b].height) {
            continue;
          }
          const before = own + cost(b);
          swap(a, b);
          const after = cost(a);
          if (after + cost(b) < before - 1) {
            own = after;
            moved.add(a).add(b);
            changes += 1;
          } else {
            swap(a, b);
          }
        }
      }
      yield;
    }
    if (changes === 0) break;
  }

  for (const [parent, ids] of within) {
    const place = places.get(parent)!;
    const slots = new Map(ids.map(id => [id, place.get(id)!]));
    for (const id of ids) {
      const v = index.get(id)!;
      const slot = slots.get(id)!;
      place.set(id, {
        x: slot.x + (x[v] - at[v].x),
        y: slot.y + (y[v] - at[v].y - at[v].height / 2),
      });
    }
  }
  for (const edge of known) {
    if (
      moved.has(index.get(edge.source)!) ||
      moved.has(index.get(edge.target)!)
    ) {
      routes.delete(routeKey(edge));
    }
  }
}
