import type { TrafficFigures } from '@isthmus/plugin-gns-common';

/**
 * Digits that nobody can tell from noise only make answers long. Small numbers
 * keep theirs: one request a week is not none.
 */
export function rounded(value: number | null): number | null {
  if (value === null) return null;
  return Math.abs(value) >= 1
    ? Math.round(value * 1e3) / 1e3
    : Math.round(value * 1e9) / 1e9;
}

export function roundFigures(figures: TrafficFigures): TrafficFigures {
  const { latencyMs, tcp } = figures;
  return {
    requests: rounded(figures.requests),
    errorShare: rounded(figures.errorShare),
    clientErrorShare: rounded(figures.clientErrorShare),
    disconnectedShare: rounded(figures.disconnectedShare),
    latencyMs: {
      p50: rounded(latencyMs.p50),
      p95: rounded(latencyMs.p95),
      p99: rounded(latencyMs.p99),
      mean: rounded(latencyMs.mean),
      beyond: latencyMs.beyond,
    },
    tcp: tcp && {
      bytesToServer: rounded(tcp.bytesToServer),
      bytesToClient: rounded(tcp.bytesToClient),
      opened: rounded(tcp.opened),
    },
    mtlsShare: rounded(figures.mtlsShare),
    known: Math.round(figures.known * 1e4) / 1e4,
  };
}
