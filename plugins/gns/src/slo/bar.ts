import { type SloBudget, type SloState } from '@isthmus/plugin-gns-common';

/** How a bar of a budget is drawn; shares of its width. */
export interface Bar {
  filled: number;
  tone: 'plenty' | 'little' | 'spent' | 'unknown';
  /** Where the true value may end; absent: it is known. */
  unknown?: { from: number; to: number };
}

/** Below this share a budget is little. */
const LITTLE = 0.25;

const within = (value: number) => Math.min(1, Math.max(0, value));

/** An overspent budget fills its bar: it is seen, and more the more it is over. */
export function barOf(budget: SloBudget, state?: SloState): Bar {
  if (state === 'noTraffic') return { filled: 1, tone: 'plenty' };
  const { remaining, remainingBounds: bounds } = budget;
  const unknown =
    bounds && bounds.high - bounds.low > 0.001
      ? { from: within(bounds.low), to: within(bounds.high) }
      : undefined;
  if (remaining === null) {
    return {
      filled: 0,
      tone: 'unknown',
      unknown: unknown ?? { from: 0, to: 1 },
    };
  }
  if (remaining < 0) return { filled: 1, tone: 'spent' };
  return {
    filled: within(remaining),
    tone: remaining < LITTLE ? 'little' : 'plenty',
    ...(unknown ? { unknown } : {}),
  };
}
