import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import { readState, type TopologyState, writeState } from '../picture/urlState';

/**
 * The state of the page, kept in its address. The function that changes it
 * never changes itself, so that a move of the map draws no node again.
 */
export function useTopologyState(): [
  TopologyState,
  (change: Partial<TopologyState>) => void,
] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => readState(params), [params]);
  const latest = useRef({ params, setParams });
  latest.current = { params, setParams };
  const update = useCallback((change: Partial<TopologyState>) => {
    const { params: now, setParams: set } = latest.current;
    const next = writeState({ ...readState(now), ...change }, now);
    if (next.toString() === now.toString()) return;
    // Two changes before the next drawing both count.
    latest.current.params = next;
    // Looking around is not going somewhere: "back" leaves the page.
    set(next, { replace: true });
  }, []);
  return [state, update];
}
