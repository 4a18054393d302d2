import { type Health } from '@isthmus/plugin-gns-common';
import { extentOf, onMap, type Placement } from '../arrange/boxes';
import { edgePath } from '../picture/edgePath';
import { type View } from '../picture/view';

/** What a small picture of a graph draws. */
export interface Miniature {
  viewBox: string;
  boxes: { id: string; x: number; y: number; width: number; height: number }[];
  nodes: {
    id: string;
    x: number;
    y: number;
    width: number;
    height: number;
    health: Health;
  }[];
  lines: { id: string; path: string; health: Health; isIdle: boolean }[];
  /** Nodes by health, for words. */
  counts: Record<Health, number>;
}

const MARGIN = 12;

/** A graph without words, small enough for a card. */
export function miniatureOf(view: View, placement: Placement): Miniature {
  const at = onMap(placement);
  const all = extentOf(at.values());
  const picture: Miniature = {
    viewBox: [
      all.x - MARGIN,
      all.y - MARGIN,
      all.width + 2 * MARGIN,
      all.height + 2 * MARGIN,
    ].join(' '),
    boxes: [],
    nodes: [],
    lines: [],
    counts: { failing: 0, degraded: 0, unknown: 0, healthy: 0 },
  };
  for (const [id, { x, y, width, height }] of at) {
    const node = view.nodes.get(id);
    if (!node) continue;
    if (view.boxes.has(id)) {
      picture.boxes.push({ id, x, y, width, height });
    } else {
      picture.nodes.push({ id, x, y, width, height, health: node.health });
      picture.counts[node.health] += 1;
    }
  }
  for (const edge of view.edges.values()) {
    const from = at.get(edge.source);
    const to = at.get(edge.target);
    if (!from || !to || from === to) continue;
    picture.lines.push({
      id: edge.id,
      path: edgePath(
        { x: from.x + from.width, y: from.y + from.height / 2 },
        { x: to.x, y: to.y + to.height / 2 },
      ).path,
      health: edge.health,
      isIdle: edge.idle === true,
    });
  }
  return picture;
}
