import type { IncidentKind } from './incidents';
import { protocolOf, type Flow } from './flows';

/** A share of a flow's requests with one outcome. */
export interface Outcome {
  /** HTTP status; 200 for gRPC. */
  readonly code: string;
  /** gRPC status; undefined for HTTP. */
  readonly status?: string;
  readonly flags: string;
  readonly share: number;
  /** Duration in the middle, milliseconds. */
  readonly medianMs: number;
}

/** Who looks at a flow. */
export interface Viewpoint {
  readonly view: 'client' | 'server';
  /** Client: share of servers in the first zone. Server: 1 in that zone, else 0. */
  readonly inFirstZone: number;
}

/** What a round trip to another cluster takes. */
const FAR_MS = 24;
const NEAR_MS = 1.2;

const PLAIN = '-';

function ordinary(flow: Flow, medianMs: number): Outcome[] {
  const one = (
    code: string,
    share: number,
    status?: string,
    flags = PLAIN,
    ms = medianMs,
  ): Outcome => ({
    code,
    share,
    flags,
    medianMs: ms,
    ...(status === undefined ? {} : { status }),
  });
  if (protocolOf(flow) === 'grpc') {
    return [
      one('200', 0.9942, '0'),
      one('200', 0.0055, '5', PLAIN, medianMs / 2),
      one('200', 0.0003, '14', 'UC'),
    ];
  }
  const gone = flow.caller === undefined ? 0.0004 : 0;
  return [
    one('200', 0.9871 - gone),
    one('404', 0.0125, undefined, PLAIN, medianMs / 2),
    one('503', 0.0004, undefined, 'UC'),
    one('0', gone, undefined, 'DC', medianMs * 3),
  ];
}

/** Takes `share` of what goes well and gives it another outcome. */
function divert(
  outcomes: readonly Outcome[],
  to: Omit<Outcome, 'share'>,
  share: number,
): Outcome[] {
  const left = outcomes.map(o => ({ ...o, share: o.share * (1 - share) }));
  return [...left, { ...to, share }];
}

function failed(flow: Flow, status: string, code: string) {
  return protocolOf(flow) === 'grpc' ? { code: '200', status } : { code };
}

function crosses({ from, to }: Flow, cluster: string): boolean {
  return from !== to && (from === cluster || to === cluster);
}

/** What becomes of a flow's requests while these incidents last, as one side sees it. */
export function behaviourOf(
  flow: Flow,
  { view, inFirstZone }: Viewpoint,
  incidents: ReadonlySet<IncidentKind>,
): Outcome[] {
  if (incidents.has('broken-certificate') && crosses(flow, 'edge-osaka')) {
    if (view === 'server') return [];
    return [
      { ...failed(flow, '14', '503'), flags: 'UF,URX', share: 1, medianMs: 9 },
    ];
  }
  const way = flow.from === flow.to ? NEAR_MS : FAR_MS;
  const slow = incidents.has('slow-payment');
  const slowness =
    (slow && flow.callee === 'payment' && 24) ||
    (slow && flow.callee === 'checkout' && 9) ||
    (slow && flow.callee === 'api-gateway' && 1.6) ||
    1;
  const medianMs = flow.medianMs * slowness + (view === 'client' ? way : 0);
  let outcomes = ordinary(flow, medianMs);
  if (slow && flow.callee === 'payment') {
    outcomes = divert(
      outcomes,
      { ...failed(flow, '4', '504'), flags: 'UT', medianMs: 5_000 },
      0.09,
    );
  }
  if (slow && flow.callee === 'checkout') {
    outcomes = divert(
      outcomes,
      { ...failed(flow, '4', '504'), flags: 'UT', medianMs: 5_200 },
      0.07,
    );
  }
  if (incidents.has('failing-zone') && flow.to === 'aws-frankfurt') {
    outcomes = divert(
      outcomes,
      { ...failed(flow, '14', '503'), flags: PLAIN, medianMs: 4 },
      0.9 * inFirstZone,
    );
  }
  if (view === 'server' && flow.caller !== undefined) {
    // Proxies of callers try again: the server sees those too.
    outcomes.push({
      ...failed(flow, '14', '503'),
      flags: 'UC',
      share: 0.006,
      medianMs: 3,
    });
  }
  return outcomes.filter(o => o.share > 0);
}

/** Of the logarithm of durations. */
const SPREAD = 0.6;

/** Share of durations up to a bound, for a log-normal law. */
export function shareUpTo(boundMs: number, medianMs: number): number {
  if (boundMs === Infinity) return 1;
  return normalShare((Math.log(boundMs) - Math.log(medianMs)) / SPREAD);
}

/** Mean of that law. */
export function meanMs(medianMs: number): number {
  return medianMs * Math.exp((SPREAD * SPREAD) / 2);
}

/** The normal distribution (Abramowitz and Stegun 26.2.17). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 +
      t *
        (-0.356563782 +
          t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
