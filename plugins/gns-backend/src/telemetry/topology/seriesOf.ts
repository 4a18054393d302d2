import type { SeriesGroup, TrafficPoints } from '@isthmus/plugin-gns-common';
import { EdgeSums } from '../merge/EdgeSums';
import { allDurations, figuresOf } from './figures';
import { codeName, Flow } from './Flows';
import { rounded } from './roundFigures';
import type { SubjectMatcher } from './subject';
import type { WindowEdge } from './WindowFold';

/** One step of a series: the edges of the subject, and how much of the step is known where the subject is. */
export interface SeriesStep {
  readonly edges: readonly WindowEdge[];
  /** 0–1. */
  readonly known: number;
}

export interface FoldedSeries {
  readonly series: { group: string; points: TrafficPoints }[];
  readonly codes: { code: string; requests: number }[];
  readonly histogram: { edgesMs: number[]; counts: number[] } | null;
}

function emptyPoints(): TrafficPoints {
  return {
    requests: [],
    errorShare: [],
    clientErrorShare: [],
    p50: [],
    p95: [],
    p99: [],
    mean: [],
    bytesToServer: [],
    bytesToClient: [],
    mtlsShare: [],
    known: [],
  };
}

/** Adds a point: what flowed, or known silence, or nothing known. */
function addPoint(
  points: TrafficPoints,
  flow: Flow | undefined,
  known: number,
  stepSeconds: number,
): void {
  const share = flow && flow.edges > 0 ? flow.known : known;
  const silent = flow && flow.edges > 0 ? undefined : new EdgeSums();
  const figures = figuresOf(
    silent ?? flow!.counted,
    silent ?? flow!.received,
    stepSeconds,
    share,
  );
  // Of a mixed flow both are told: here nothing is hidden behind the other.
  const requests =
    share > 0 ? (flow?.counted.requests ?? 0) / stepSeconds : null;
  points.requests.push(rounded(requests));
  points.errorShare.push(rounded(figures.errorShare));
  points.clientErrorShare.push(rounded(figures.clientErrorShare));
  points.p50.push(rounded(figures.latencyMs.p50));
  points.p95.push(rounded(figures.latencyMs.p95));
  points.p99.push(rounded(figures.latencyMs.p99));
  points.mean.push(rounded(figures.latencyMs.mean));
  const silentBytes = share > 0 ? 0 : null;
  points.bytesToServer.push(rounded(figures.tcp?.bytesToServer ?? silentBytes));
  points.bytesToClient.push(rounded(figures.tcp?.bytesToClient ?? silentBytes));
  points.mtlsShare.push(rounded(figures.mtlsShare));
  points.known.push(Math.round(Math.min(1, share) * 1e4) / 1e4);
}

/** Columns of points per group; a group that is absent from a known step is zero there. Pure. */
export function seriesOf(
  steps: readonly SeriesStep[],
  matcher: SubjectMatcher,
  groupBy: SeriesGroup,
  stepSeconds: number,
): FoldedSeries {
  const groups = new Map<string, (Flow | undefined)[]>();
  if (groupBy === 'none') groups.set('', []);
  const total = new EdgeSums();
  steps.forEach(({ edges }, i) => {
    for (const edge of edges) {
      if (!matcher.hasProtocol(edge)) continue;
      const group = matcher.groupOf(edge, groupBy);
      let flows = groups.get(group);
      if (!flows) {
        flows = [];
        groups.set(group, flows);
      }
      const flow = flows[i] ?? new Flow();
      flow.add(edge, stepSeconds);
      flows[i] = flow;
      total.add(edge.counted);
    }
  });
  const histogram = allDurations(total);
  return {
    series: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, flows]) => {
        const points = emptyPoints();
        steps.forEach(({ known }, i) =>
          addPoint(points, flows[i], known, stepSeconds),
        );
        return { group, points };
      }),
    codes: [...total.outcomes]
      .sort(([a], [b]) => a - b)
      .map(([code, requests]) => ({
        code: codeName(code),
        requests: rounded(requests) ?? 0,
      })),
    histogram: histogram
      ? {
          edgesMs: [...histogram.edgesMs],
          counts: [...histogram.counts].map(n => rounded(n) ?? 0),
        }
      : null,
  };
}
