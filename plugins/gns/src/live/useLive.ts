import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { useSignal } from '@backstage/plugin-signals-react';
import { SIGNAL_CHANNEL, signalSchema } from '@isthmus/plugin-gns-common';
import { type GnsApi, gnsApiRef } from '../api';
import { concerns, type Interest, pollDelay } from './refreshPolicy';
import { sameExceptTimes } from './sameExceptTimes';

/** What a view knows: nothing yet, something, or something old and why. */
export interface Live<T> {
  /** The last good answer; kept while a later read fails. */
  value?: T;
  /** When `value` was read, milliseconds since 1970. */
  readAt?: number;
  /** Why the last read failed; absent when it did not. */
  error?: Error;
  /** Reads again now. */
  reload: () => void;
}

interface State<T> {
  key: string;
  value?: T;
  readAt?: number;
  error?: Error;
}

/**
 * Reads from the hub and keeps it current: by signals, which carry ids only,
 * and by polling. Nothing is read while the page is hidden.
 *
 * @param key - identity of what is read; another key starts from nothing
 * @param load - the read; only its newest version is called
 */
export function useLive<T>(
  key: string,
  load: (api: GnsApi, signal: AbortSignal) => Promise<T>,
  interest: Interest,
): Live<T> {
  const api = useApi(gnsApiRef);
  const { lastSignal, isSignalsAvailable } = useSignal(SIGNAL_CHANNEL);
  const [state, setState] = useState<State<T>>({ key });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn(n => n + 1), []);

  const latest = useRef({ load, interest });
  latest.current = { load, interest };
  const missedChange = useRef(false);
  const bySignal = useRef(false);
  // A read under way is not given up for a signal: signals that come faster
  // than the hub answers would keep the page empty.
  const reading = useRef(false);
  const readAgain = useRef(false);
  const shown = useRef<{ key: string; value?: T }>({ key });

  useEffect(() => {
    const parsed = signalSchema.safeParse(lastSignal);
    if (!parsed.success) return;
    missedChange.current = false;
    if (concerns(parsed.data, latest.current.interest)) {
      bySignal.current = true;
      if (reading.current) readAgain.current = true;
      else reload();
    }
  }, [lastSignal, reload]);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = false;

    const again = () => {
      timer = setTimeout(() => {
        due = true;
        if (!document.hidden) reload();
      }, pollDelay({ signalsInstalled: isSignalsAvailable, missedChange: missedChange.current }));
    };

    const announced = bySignal.current;
    bySignal.current = false;
    reading.current = true;
    readAgain.current = false;
    latest.current
      .load(api, abort.signal)
      .then(
        value => {
          if (abort.signal.aborted) return;
          const before =
            shown.current.key === key ? shown.current.value : undefined;
          const changed =
            before !== undefined && !sameExceptTimes(before, value);
          if (changed && !announced && !readAgain.current) {
            missedChange.current = true;
          }
          // An equal answer keeps its identity, so that nothing is drawn again.
          const kept =
            before !== undefined &&
            JSON.stringify(before) === JSON.stringify(value)
              ? before
              : value;
          shown.current = { key, value: kept };
          setState({ key, value: kept, readAt: Date.now() });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setState(previous => ({
            ...(previous.key === key ? previous : { key }),
            error: error instanceof Error ? error : new Error(String(error)),
          }));
        },
      )
      .finally(() => {
        if (abort.signal.aborted) return;
        reading.current = false;
        if (readAgain.current) reload();
        else again();
      });

    // A page that comes back shows what is true now, not a minute later.
    const onVisible = () => {
      if (!document.hidden && due) reload();
    };
    document.addEventListener('visibilitychange', onVisible);

    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [api, key, turn, isSignalsAvailable, reload]);

  const current: State<T> = state.key === key ? state : { key };
  return {
    value: current.value,
    readAt: current.readAt,
    error: current.error,
    reload,
  };
}
