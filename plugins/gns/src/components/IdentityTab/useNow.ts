import { useSyncExternalStore } from 'react';
import { clock } from '../state/clock';

/** Milliseconds since 1970, as of the page's clock, which ticks for all of it at once. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.now);
}
