import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type Plan, type RolloutStrategy } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { type Change, planRequestOf } from './change';

/** After the last choice, milliseconds. */
const REST_MS = 300;

export interface PlanState {
  /** The newest plan; kept while another is worked out. */
  plan?: Plan;
  /** The plan is of what is chosen now. */
  current: boolean;
  error?: Error;
  /** Works it out anew. */
  again: () => void;
}

/** What a change would do, worked out by the hub; anew when another way is chosen. */
export function usePlan(change: Change, strategy: RolloutStrategy): PlanState {
  const api = useApi(gnsApiRef);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{
    asked?: string;
    plan?: Plan;
    error?: Error;
  }>({});
  const request = JSON.stringify(planRequestOf(change, strategy));
  const asked = `${turn} ${request}`;
  const first = state.plan === undefined;
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        api.plan(JSON.parse(request), abort.signal).then(
          plan => !abort.signal.aborted && setState({ asked, plan }),
          (cause: unknown) => {
            if (abort.signal.aborted) return;
            setState(before => ({
              ...before,
              asked,
              error: cause instanceof Error ? cause : new Error(String(cause)),
            }));
          },
        );
      },
      first ? 0 : REST_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
    // `first` only says how long to wait.
  }, [api, asked, request]); // eslint-disable-line react-hooks/exhaustive-deps
  return {
    plan: state.plan,
    current: state.asked === asked,
    error: state.error,
    again: () => setTurn(n => n + 1),
  };
}
