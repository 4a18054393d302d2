import type { Sample } from './evaluate';

/**
 * Prometheus' `increase`: what was seen, stretched to the whole window as far
 * as samples come near its ends, and never below zero at its beginning.
 */
export function extrapolatedIncrease(
  samples: readonly Sample[],
  after: number,
  until: number,
): number | undefined {
  if (samples.length < 2) return undefined;
  const first = samples[0];
  const last = samples[samples.length - 1];
  let seen = last.v - first.v;
  for (let i = 1; i < samples.length; i += 1) {
    if (samples[i].v < samples[i - 1].v) seen += samples[i - 1].v;
  }
  const sampled = last.t - first.t;
  const average = sampled / (samples.length - 1);
  let toStart = first.t - after;
  const toEnd = until - last.t;
  if (seen > 0 && first.v >= 0) {
    toStart = Math.min(toStart, sampled * (first.v / seen));
  }
  const threshold = average * 1.1;
  const stretched =
    sampled +
    (toStart < threshold ? toStart : average / 2) +
    (toEnd < threshold ? toEnd : average / 2);
  return seen * (stretched / sampled);
}
