import type { Evidence } from '@isthmus/plugin-gns-common';
import type { Finding } from './link';
import type { Server } from './types';

/** What one link says of one server. */
export interface Verdict extends Finding {
  readonly evidence: readonly Evidence[];
}

/** What a link says of all servers that are left, and who of them is left after it. */
export interface Sifted {
  readonly finding: Finding;
  /** The servers that pass; when none does, those that were looked at. */
  readonly left: readonly Server[];
}

/** What comes closest to a call that works. */
const CLOSENESS: Record<Finding['state'], number> = {
  ok: 0,
  unknown: 1,
  broken: 2,
};

/**
 * A call needs one server that passes every link, so each link looks only at
 * those that passed the ones before. `rank`: of several that fail, the one
 * that is nearest to work tells why; lower is nearer.
 */
export function sift(
  servers: readonly Server[],
  judge: (server: Server) => Verdict,
  rank: (reason: string) => number = () => 0,
): Sifted {
  const judged = servers.map(server => ({ server, verdict: judge(server) }));
  const best = [...judged].sort(
    (a, b) =>
      CLOSENESS[a.verdict.state] - CLOSENESS[b.verdict.state] ||
      rank(a.verdict.reason) - rank(b.verdict.reason),
  )[0].verdict;
  const passing = judged.filter(j => j.verdict.state === 'ok');
  const maybe = judged.filter(j => j.verdict.state === 'unknown');
  const left = [passing, maybe].find(list => list.length > 0) ?? judged;
  return {
    finding: {
      ...best,
      evidence: distinct(judged.flatMap(j => j.verdict.evidence)),
    },
    left: left.map(j => j.server),
  };
}

/** Several servers may be judged by the same fact, for example the caller's roots. */
function distinct(evidence: readonly Evidence[]): Evidence[] {
  const seen = new Map(
    evidence.map(one => [
      JSON.stringify([one.cluster, one.what, one.found, one.at]),
      one,
    ]),
  );
  return [...seen.values()];
}
