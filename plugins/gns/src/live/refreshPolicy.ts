import { type GnsSignal } from '@isthmus/plugin-gns-common';

/** Polling when signals tell us of changes: a safety net only. */
export const SLOW_POLL_MS = 60_000;
/** Polling when they do not. */
export const FAST_POLL_MS = 10_000;

/** What a view shows, to tell which signals concern it. */
export interface Interest {
  topics: readonly GnsSignal['changed'][number][];
  /** Only this global namespace; absent: all. */
  gns?: string;
}

/** Whether a view should read again because of this signal. */
export function concerns(signal: GnsSignal, interest: Interest): boolean {
  return (
    signal.changed.some(topic => interest.topics.includes(topic)) &&
    (interest.gns === undefined ||
      signal.gns === undefined ||
      signal.gns.includes(interest.gns))
  );
}

/**
 * How long to wait until the next read, milliseconds. The signals client does
 * not say when its connection is down; a change that polling found and no
 * signal announced is how we learn it.
 */
export function pollDelay(state: {
  signalsInstalled: boolean;
  missedChange: boolean;
}): number {
  return state.signalsInstalled && !state.missedChange
    ? SLOW_POLL_MS
    : FAST_POLL_MS;
}
