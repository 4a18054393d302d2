import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type Matches } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';

/** After the last keystroke, milliseconds. */
const REST_MS = 250;

export interface MatchesState {
  /** The newest answer; kept while a newer one is on its way. */
  matches?: Matches;
  /** The answer is of what is written now. */
  current: boolean;
  error?: Error;
}

/**
 * What the members of a draft choose, asked for while they are written.
 *
 * @param members - entries as they are written, whatever they are
 * @param gns - name of the one that is edited; absent: a new one
 */
export function useMatches(
  members: readonly unknown[],
  gns: string | undefined,
): MatchesState {
  const api = useApi(gnsApiRef);
  const asked = JSON.stringify(members);
  const [state, setState] = useState<
    Omit<MatchesState, 'current'> & { asked?: string }
  >({});
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api
        .matches({ gns, members: JSON.parse(asked) as unknown[] }, abort.signal)
        .then(
          matches => setState({ matches, asked }),
          (cause: unknown) => {
            if (abort.signal.aborted) return;
            setState(before => ({
              ...before,
              asked,
              error: cause instanceof Error ? cause : new Error(String(cause)),
            }));
          },
        );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [api, asked, gns]);
  return {
    matches: state.matches,
    error: state.error,
    current: state.asked === asked,
  };
}
