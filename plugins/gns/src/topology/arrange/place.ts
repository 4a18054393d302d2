import {
  type Box,
  type Ends,
  GAPS,
  type Item,
  type Placement,
  type Route,
  routeKey,
} from './boxes';
import { arrangeFresh, arrangeMap, type Sized } from './fresh';
import { keepPlaces } from './keep';
import { type Point } from './layered';
import { type Pieces } from './slices';
import { swapLeaves } from './swap';
import { type Tree, treeOf } from './tree';

export interface PlaceInput {
  /** In the order in which ties are decided. */
  items: readonly Item[];
  edges: readonly Ends[];
  /** What is on the screen now; absent: nothing is. */
  before?: Placement;
  /** Places that a person chose, relative to the box around. */
  pins?: ReadonlyMap<string, Point>;
}

/**
 * Places everything, the innermost boxes first. What was placed before stays
 * where it is relative to its box; only what is new is placed, and only boxes
 * beside one that grew make way. Without `before` the result depends on the
 * input alone, so that everybody sees the same map.
 */
export function* place(input: PlaceInput): Pieces<Placement> {
  const tree = treeOf(input.items, input.edges);
  const size = new Map<string, { width: number; height: number }>();
  const places = new Map<string, Map<string, Point>>();
  const routes = new Map<string, Route>();
  /** Leaves that were placed anew, by the box around them. */
  const fresh = new Map<string, string[]>();

  for (const within of tree.inwards) {
    const children = (tree.children.get(within) ?? []).map(
      (item): Sized => ({
        id: item.id,
        isBox: tree.children.has(item.id),
        ...(size.get(item.id) ?? item),
      }),
    );
    const edges = tree.edges.get(within) ?? [];
    const box = within === '' ? undefined : tree.byId.get(within);
    const floor = box && { x: GAPS.padding, y: box.head ?? GAPS.padding };
    const before = placedBefore(children, within, input.before);
    let at: Map<string, Point>;
    if (before.size > 0 && before.size * 4 >= children.length) {
      at = keepPlaces(children, edges, before, floor);
      keepRoutes(input.before, at, before, edges, within, routes);
    } else {
      const arranged = yield* within === ''
        ? arrangeMap(children, edges)
        : arrangeFresh(children, edges);
      const shift = floor ?? { x: 0, y: 0 };
      const moved = ({ x, y }: Point) => ({ x: x + shift.x, y: y + shift.y });
      at = new Map([...arranged.at].map(([id, point]) => [id, moved(point)]));
      for (const [key, points] of arranged.routes) {
        routes.set(key, {
          ...(within === '' ? {} : { within }),
          points: points.map(moved),
        });
      }
      const leaves = children.filter(
        child => !child.isBox && !input.pins?.has(child.id),
      );
      if (box && leaves.length > 1) {
        fresh.set(
          within,
          leaves.map(leaf => leaf.id),
        );
      }
    }
    for (const child of children) {
      const pin = input.pins?.get(child.id);
      if (!pin) continue;
      at.set(child.id, {
        x: Math.max(pin.x, floor?.x ?? Number.NEGATIVE_INFINITY),
        y: Math.max(pin.y, floor?.y ?? Number.NEGATIVE_INFINITY),
      });
      forgetRoutes(routes, edges, child.id);
    }
    places.set(within, at);
    if (box) {
      const was = input.before?.boxes.get(within);
      size.set(within, around(children, at, box, was));
    }
    yield;
  }
  let boxes = boxesOf(tree, places, size);
  if (fresh.size > 0) {
    yield* swapLeaves(boxes, input.edges, fresh, places, routes);
    boxes = boxesOf(tree, places, size);
  }
  return { boxes, routes };
}

function placedBefore(
  children: readonly Sized[],
  within: string,
  before: Placement | undefined,
): Map<string, Box> {
  const found = new Map<string, Box>();
  for (const { id } of children) {
    const box = before?.boxes.get(id);
    if (box && (box.parent ?? '') === within) found.set(id, box);
  }
  return found;
}

function keepRoutes(
  placement: Placement | undefined,
  at: ReadonlyMap<string, Point>,
  before: ReadonlyMap<string, Box>,
  edges: readonly Ends[],
  within: string,
  routes: Map<string, Route>,
): void {
  const stays = (id: string) => {
    const was = before.get(id);
    const is = at.get(id);
    return was && is && was.x === is.x && was.y === is.y;
  };
  for (const edge of edges) {
    const key = routeKey(edge);
    const route = placement?.routes.get(key);
    if (route && (route.within ?? '') === within) {
      if (stays(edge.source) && stays(edge.target)) routes.set(key, route);
    }
  }
}

function forgetRoutes(
  routes: Map<string, Route>,
  edges: readonly Ends[],
  id: string,
): void {
  for (const edge of edges) {
    if (edge.source === id || edge.target === id) routes.delete(routeKey(edge));
  }
}

/** A box never shrinks while it is looked at: what left may come back. */
function around(
  children: readonly Sized[],
  at: ReadonlyMap<string, Point>,
  box: Item,
  was: Box | undefined,
): { width: number; height: number } {
  let width = Math.max(box.width, was?.width ?? 0);
  let height = Math.max(box.height, was?.height ?? 0);
  for (const child of children) {
    const { x, y } = at.get(child.id)!;
    width = Math.max(width, x + child.width + GAPS.padding);
    height = Math.max(height, y + child.height + GAPS.padding);
  }
  return { width, height };
}

/** Parents first. */
function boxesOf(
  tree: Tree,
  places: ReadonlyMap<string, ReadonlyMap<string, Point>>,
  size: ReadonlyMap<string, { width: number; height: number }>,
): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const add = (within: string) => {
    for (const item of tree.children.get(within) ?? []) {
      const { width, height } = size.get(item.id) ?? item;
      boxes.set(item.id, {
        id: item.id,
        ...places.get(within)!.get(item.id)!,
        width,
        height,
        ...(within === '' ? {} : { parent: within }),
      });
      if (tree.children.has(item.id)) add(item.id);
    }
  };
  add('');
  return boxes;
}
