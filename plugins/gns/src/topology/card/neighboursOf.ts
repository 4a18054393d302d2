import { type TrafficEdge, type TrafficNode } from '@isthmus/plugin-gns-common';
import { type View } from '../picture/view';

/** One at the other end of a call of a service. */
export interface Neighbour {
  node: TrafficNode;
  edge: TrafficEdge;
  direction: 'caller' | 'called';
}

/** Callers of a service first, then what it calls; of each the busiest first. */
export function neighboursOf(view: View, service: string): Neighbour[] {
  const isOurs = (node: TrafficNode | undefined) =>
    node !== undefined &&
    (node.service === service || (node.services?.includes(service) ?? false));
  const found: Neighbour[] = [];
  for (const edge of view.edges.values()) {
    const source = view.nodes.get(edge.source);
    const target = view.nodes.get(edge.target);
    if (!source || !target) continue;
    if (isOurs(target)) {
      found.push({ node: source, edge, direction: 'caller' });
    } else if (isOurs(source)) {
      found.push({ node: target, edge, direction: 'called' });
    }
  }
  const rate = ({ edge }: Neighbour) => edge.figures.requests ?? 0;
  return found.sort(
    (a, b) =>
      Number(a.direction === 'called') - Number(b.direction === 'called') ||
      rate(b) - rate(a),
  );
}
