import {
  type TrafficEdge,
  type TrafficFigures,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { type Subject } from './operands';

/** Nothing is known. */
export const UNKNOWN: TrafficFigures = {
  requests: null,
  errorShare: null,
  clientErrorShare: null,
  disconnectedShare: null,
  latencyMs: { p50: null, p95: null, p99: null, mean: null, beyond: [] },
  tcp: null,
  mtlsShare: null,
  known: 0,
};

export function nodeOf(part: Partial<TrafficNode> = {}): TrafficNode {
  return {
    id: 'service/eu/shop-api/cart',
    kind: 'service',
    label: 'cart',
    cluster: 'eu',
    namespace: 'shop-api',
    service: 'cart',
    health: 'healthy',
    idle: false,
    inbound: UNKNOWN,
    outbound: UNKNOWN,
    ...part,
  };
}

export function edgeOf(
  part: Partial<TrafficEdge> = {},
  source = nodeOf({ id: 'a', label: 'front' }),
  target = nodeOf({ id: 'b', label: 'cart' }),
): Extract<Subject, { type: 'edge' }> {
  return {
    type: 'edge',
    source,
    target,
    edge: {
      id: `${source.id} ${target.id} http`,
      source: source.id,
      target: target.id,
      protocol: 'http',
      health: 'healthy',
      idle: false,
      crossCluster: false,
      reportedBy: 'client',
      figures: UNKNOWN,
      ...part,
    },
  };
}
