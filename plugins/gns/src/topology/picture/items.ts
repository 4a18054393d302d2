import { type TrafficNode } from '@isthmus/plugin-gns-common';
import { type Ends, type Item } from '../arrange/boxes';
import { type View } from './view';

/** Sizes of everything that is drawn, in pixels. The styles obey them; nothing is measured. */
export const SIZES = {
  service: { width: 208, height: 64 },
  workload: { width: 190, height: 56 },
  namespace: { width: 208, height: 64 },
  cluster: { width: 232, height: 72 },
  gateway: { width: 190, height: 48 },
  stranger: { width: 190, height: 48 },
  /** Titles of boxes. */
  clusterHead: 46,
  namespaceHead: 36,
  serviceHead: 34,
} as const;

/** Of a node that is no box, pixels. */
export function sizeOf(node: TrafficNode): { width: number; height: number } {
  switch (node.kind) {
    case 'cluster':
      return SIZES.cluster;
    case 'namespace':
      return SIZES.namespace;
    case 'service':
      return SIZES.service;
    case 'workload':
      return SIZES.workload;
    case 'gateway':
      return SIZES.gateway;
    default:
      return SIZES.stranger;
  }
}

function headOf(node: TrafficNode): number {
  if (node.kind === 'cluster') return SIZES.clusterHead;
  return node.kind === 'namespace' ? SIZES.namespaceHead : SIZES.serviceHead;
}

const compare = (a: string, b: string) => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/** What is placed, in an order that is the same for everybody. */
export function itemsOf(view: View): { items: Item[]; edges: Ends[] } {
  const nodes = [...view.nodes.values()].sort(
    (a, b) => compare(a.label, b.label) || compare(a.id, b.id),
  );
  const items = nodes.map((node): Item => {
    const { width, height } = sizeOf(node);
    const parent =
      node.parent !== undefined && view.nodes.has(node.parent)
        ? { parent: node.parent }
        : {};
    return view.boxes.has(node.id)
      ? { id: node.id, ...parent, width, height, head: headOf(node) }
      : { id: node.id, ...parent, width, height };
  });
  const edges = [...view.edges.values()]
    .map(({ source, target }) => ({ source, target }))
    .sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target));
  return { items, edges };
}

/** Equal for two pictures that are placed alike: same nodes in the same boxes. */
export function shapeOf(items: readonly Item[]): string {
  return items
    .map(item => `${item.id}\t${item.parent ?? ''}\t${item.head ?? ''}`)
    .join('\n');
}
