import { formatEpoch } from '@isthmus/plugin-gns-common';
import { reported, type Finding } from '../link';
import { isPaused, resumeRemedy } from '../objectState';
import type { Call, Side } from '../types';

/** Whether what the other links were read from is still so. */
export function freshness(call: Call, servers: readonly Side[]): Finding {
  const sides = [
    ...new Map([call.caller.side, ...servers].map(s => [s.id, s])).values(),
  ];
  const evidence = sides.map(side =>
    reported(
      side,
      `controller of ${side.name}`,
      `${side.coverage.state}; applied ${formatEpoch(
        side.observed?.appliedEpoch ?? { term: 0, n: 0 },
      )} of ${formatEpoch({ term: call.term, n: side.desiredN })}`,
    ),
  );
  const parametersOf = (side: Side) => ({
    cluster: side.name,
    since: side.coverage.dataAt ?? '',
  });
  const lost = sides.find(
    s => s.coverage.state !== 'ok' && s.coverage.state !== 'stale',
  );
  if (lost) {
    const unauthorized = lost.coverage.state === 'unauthorized';
    const last = lost.coverage.dataAt
      ? `since ${lost.coverage.dataAt}`
      : 'and never reported';
    return {
      state: 'broken',
      reason: unauthorized ? 'unauthorized' : 'silent',
      parameters: parametersOf(lost),
      text: unauthorized
        ? `The hub refuses the controller of ${lost.name} ${last}: its key is not the one that it enrolled with. What is said of ${lost.name} is as old as that.`
        : `The controller of ${lost.name} is silent ${last}: what is said of ${lost.name} is as old as that, and no change reaches it.`,
      remedy: unauthorized
        ? `Mint a new join token (POST clusters/${lost.name}/token), and install the controller with it.`
        : `Check that the controller runs (kubectl -n isthmus-system get pods) and reaches the hub; GET clusters/${lost.name}/connection says more.`,
      evidence,
    };
  }
  const behind = sides.filter(
    s =>
      s.observed?.appliedEpoch.term !== call.term ||
      s.observed.appliedEpoch.n < s.desiredN,
  );
  const paused = behind.find(s => isPaused(s, call.gns, call.gnsPaused));
  if (paused) {
    return {
      state: 'broken',
      reason: 'paused',
      parameters: parametersOf(paused),
      text: `${paused.name} is paused, and a change waits for it.`,
      remedy: resumeRemedy(paused, call.gns, call.gnsPaused),
      evidence,
    };
  }
  if (behind.length > 0) {
    const [first] = behind;
    return {
      state: 'unknown',
      reason: 'behind',
      parameters: parametersOf(first),
      text: `${first.name} has not applied its newest desired state yet.`,
      remedy: `Wait a moment. If it stays so, look at the log of the controller in ${first.name}.`,
      evidence,
    };
  }
  const stale = sides.find(s => s.coverage.state === 'stale');
  if (stale) {
    return {
      state: 'unknown',
      reason: 'stale',
      parameters: parametersOf(stale),
      text: `The last report of ${stale.name} is of ${
        stale.coverage.dataAt ?? 'long ago'
      }: what is said of it may be outdated.`,
      remedy: `Look again in a minute; if it stays silent, check its controller.`,
      evidence,
    };
  }
  return {
    state: 'ok',
    reason: 'fresh',
    text: `All clusters concerned reported within the last minute, and have applied what they were told.`,
    evidence,
  };
}
