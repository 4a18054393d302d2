import { useRef } from 'react';
import { type Traffic, type TrafficLevel } from '@isthmus/plugin-gns-common';
import { type Live, useLive } from '../../live/useLive';

/**
 * The picture of a level, window and time. While another one is read the last
 * one stays, so that the page never goes blank.
 */
export function useTraffic(
  gns: string,
  asked: { level: TrafficLevel; window: number; at?: string },
): { live: Live<Traffic>; traffic?: Traffic; isWaiting: boolean } {
  const { level, window, at } = asked;
  const live = useLive(
    `traffic/${gns}/${level}/${window}/${at ?? ''}`,
    (api, signal) =>
      api.telemetry.getTraffic(gns, { level, window, at }, signal),
    { topics: ['traffic', 'status', 'definitions', 'clusters'], gns },
  );
  const last = useRef<Traffic>();
  if (live.value) last.current = live.value;
  const kept = last.current?.gns === gns ? last.current : undefined;
  return {
    live,
    traffic: live.value ?? kept,
    isWaiting: live.value === undefined && live.error === undefined,
  };
}
