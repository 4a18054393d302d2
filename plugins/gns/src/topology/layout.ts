import { type ClusterGroup, type TopologyGraph } from './graph';

/** A placed rectangle; `x` and `y` are relative to the parent, in pixels. */
export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  parent?: string;
}

/** Sizes of everything that is drawn, in pixels. The styles obey them; nothing is measured. */
export const SIZES = {
  service: { width: 184, height: 52 },
  gateway: { width: 184, height: 40 },
  namespaceHead: 30,
  clusterHead: 44,
  gap: 12,
  padding: 14,
  /** Between clusters: room for lines. */
  clusterGap: 72,
  /** Below a row of clusters: room for the arcs and their labels. */
  rowGap: 230,
} as const;

/** Columns of services inside a namespace: wide enough to stay readable. */
export function serviceColumns(services: number): number {
  if (services <= 4) return 1;
  if (services <= 16) return 2;
  return Math.ceil(Math.sqrt(services / 2));
}

/** Clusters beside each other before a new row begins. */
export function clusterColumns(clusters: number): number {
  if (clusters <= 4) return Math.max(1, clusters);
  return Math.ceil(Math.sqrt(clusters * 1.5));
}

/**
 * Places clusters in rows, namespaces below each other inside them, services
 * in a grid inside those, gateways at the lower edge. A pure function of the
 * names: the same topology gives the same map for everybody, and a new service
 * moves its own cluster's contents only.
 */
export function layout(graph: Pick<TopologyGraph, 'clusters'>): Box[] {
  const boxes: Box[] = [];
  const columns = clusterColumns(graph.clusters.length);
  let y = 0;
  for (let first = 0; first < graph.clusters.length; first += columns) {
    const row = graph.clusters
      .slice(first, first + columns)
      .map(group => placeCluster(group));
    const height = Math.max(...row.map(one => one.height));
    let x = 0;
    for (const one of row) {
      boxes.push({ id: one.id, x, y, width: one.width, height });
      // Gateways stand on the common lower edge, where the arcs arrive.
      const drop = height - one.height;
      for (const child of one.children) {
        boxes.push(
          one.gatewayIds.has(child.id)
            ? { ...child, y: child.y + drop }
            : child,
        );
      }
      x += one.width + SIZES.clusterGap;
    }
    y += height + SIZES.rowGap;
  }
  return boxes;
}

interface PlacedCluster {
  id: string;
  width: number;
  height: number;
  children: Box[];
  gatewayIds: ReadonlySet<string>;
}

function placeCluster(group: ClusterGroup): PlacedCluster {
  const { padding, gap } = SIZES;
  const inner = Math.max(
    SIZES.gateway.width + 2 * padding,
    ...group.namespaces.map(one => namespaceSize(one.services.length).width),
  );
  const children: Box[] = [];
  let y: number = SIZES.clusterHead;
  for (const namespace of group.namespaces) {
    const size = namespaceSize(namespace.services.length);
    children.push({
      id: namespace.node.id,
      parent: group.node.id,
      x: padding,
      y,
      width: inner,
      height: size.height,
    });
    const columns = serviceColumns(namespace.services.length);
    namespace.services.forEach((service, i) => {
      children.push({
        id: service.id,
        parent: namespace.node.id,
        x: padding + (i % columns) * (SIZES.service.width + gap),
        y:
          SIZES.namespaceHead +
          Math.floor(i / columns) * (SIZES.service.height + gap),
        ...SIZES.service,
      });
    });
    y += size.height + gap;
  }
  for (const gateway of group.gateways) {
    children.push({
      id: gateway.id,
      parent: group.node.id,
      x: padding + Math.round((inner - SIZES.gateway.width) / 2),
      y,
      ...SIZES.gateway,
    });
    y += SIZES.gateway.height + gap;
  }
  return {
    id: group.node.id,
    width: inner + 2 * padding,
    height: y - gap + padding,
    children,
    gatewayIds: new Set(group.gateways.map(gateway => gateway.id)),
  };
}

function namespaceSize(services: number): { width: number; height: number } {
  const { padding, gap, service } = SIZES;
  const columns = serviceColumns(services);
  const rows = Math.max(1, Math.ceil(services / columns));
  return {
    width: 2 * padding + columns * (service.width + gap) - gap,
    height: SIZES.namespaceHead + rows * (service.height + gap) - gap + padding,
  };
}
