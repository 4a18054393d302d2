import { type TrafficEdge } from '@isthmus/plugin-gns-common';
import { type Amounts } from '../picture/amounts';
import { type EdgeLabel, type TopologyState } from '../picture/urlState';

/** What is written on an edge; undefined: nothing. */
export function edgeText(
  edge: TrafficEdge,
  look: Pick<TopologyState, 'label' | 'quantile'>,
  amounts: Amounts,
): string | undefined {
  if (edge.idle === true) return undefined;
  const { figures } = edge;
  const write: Record<EdgeLabel, () => string | undefined> = {
    rate: () => amounts.flow(figures),
    errors: () => amounts.share(figures.errorShare),
    latency: () => amounts.quantile(figures, look.quantile),
    mtls: () => amounts.share(figures.mtlsShare),
    none: () => undefined,
  };
  return write[look.label]();
}

/** How safe a call is, as a lock; undefined: not known. */
export function lockOf({
  figures,
  idle,
}: TrafficEdge): 'closed' | 'partly' | 'open' | undefined {
  if (idle === true || figures.mtlsShare === null) return undefined;
  if (figures.mtlsShare >= 1) return 'closed';
  return figures.mtlsShare > 0 ? 'partly' : 'open';
}

/** Thicker by the order of magnitude of what flows, pixels. */
export function strokeOf({ figures }: TrafficEdge): number {
  const rate = figures.requests ?? 0;
  return 1.25 + Math.min(2.75, Math.log10(1 + rate) * 0.9);
}

/** Body and shackle of a lock in a square of 12. */
export const LOCK_BODY = 'M2 5.5h8v6h-8z';
export const LOCK_SHACKLE = {
  closed: 'M4 5.5v-2a2 2 0 0 1 4 0v2',
  partly: 'M4 5.5v-2a2 2 0 0 1 4 0v2',
  open: 'M4 5.5v-2a2 2 0 0 1 4-.6',
};
