import { useCallback, useMemo, useRef } from 'react';
import { type TrafficLevel } from '@isthmus/plugin-gns-common';
import { type Screen } from '../canvas/TopologyCanvas';
import { onMap } from '../arrange/boxes';
import { isFitted, levelFor, type Viewport } from '../picture/levels';
import { type TopologyState } from '../picture/urlState';
import { type Drawn } from './usePlaced';

/** Where the reader looks. */
interface Looking {
  viewport?: Viewport;
  screen?: Screen;
}

/**
 * The level that is asked for: the one chosen, or the one that fits the zoom.
 * The last one chosen by zoom stays in the address, so that a link shows the
 * same.
 */
export function useAutoLevel(
  state: TopologyState,
  update: (change: Partial<TopologyState>) => void,
) {
  const level: TrafficLevel =
    state.level === 'auto' ? state.shown ?? 'service' : state.level;
  const looking = useRef<Looking>({});
  const isAuto = state.level === 'auto';
  const look = useCallback(
    (viewport: Viewport, screen: Screen, drawn: Drawn) => {
      looking.current = { viewport, screen };
      const next =
        isAuto && drawn.level === level
          ? levelFor(drawn.level, viewport.zoom)
          : level;
      const isWhole = isFitted(onMap(drawn.placement), viewport, screen);
      update({
        // All of it is another piece on another screen.
        viewport: isWhole ? undefined : viewport,
        ...(isAuto ? { shown: next } : {}),
      });
    },
    [isAuto, level, update],
  );
  return useMemo(() => ({ level, looking, look }), [level, look]);
}
