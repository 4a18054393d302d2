import { useCallback, useEffect, useRef, useState } from 'react';
import { type TrafficLevel } from '@isthmus/plugin-gns-common';
import { type Placement } from '../arrange/boxes';
import { type Point } from '../arrange/layered';
import { place } from '../arrange/place';
import { runInSlices } from '../arrange/slices';
import { itemsOf, shapeOf } from '../picture/items';
import { shareUnchanged, type View } from '../picture/view';

/** A picture and where everything of it is: always of each other. */
export interface Drawn {
  view: View;
  placement: Placement;
  level: TrafficLevel;
}

/**
 * Places a picture in slices that lose no frame. What was placed at a level
 * stays there as long as the page is open; until a placement is ready the last
 * one is drawn.
 */
export function usePlaced(
  view: View | undefined,
  level: TrafficLevel,
  pins: ReadonlyMap<string, Point>,
): { drawn?: Drawn; tidy: () => void; error?: Error } {
  const [drawn, setDrawn] = useState<Drawn>();
  const [error, setError] = useState<Error>();
  const kept = useRef(
    new Map<
      TrafficLevel,
      { shape: string; pins: ReadonlyMap<string, Point>; placement: Placement }
    >(),
  );
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!view) return undefined;
    const abort = new AbortController();
    const { items, edges } = itemsOf(view);
    const shape = shapeOf(items);
    const before = kept.current.get(level);
    const show = (placement: Placement) => {
      kept.current.set(level, { shape, pins, placement });
      setError(undefined);
      setDrawn(last => ({
        view: shareUnchanged(
          last?.level === level ? last.view : undefined,
          view,
        ),
        placement,
        level,
      }));
    };
    if (before?.shape === shape && before.pins === pins) {
      show(before.placement);
      return undefined;
    }
    runInSlices(place({ items, edges, before: before?.placement, pins }), {
      signal: abort.signal,
    }).then(
      placement => {
        if (placement && !abort.signal.aborted) show(placement);
      },
      (failed: Error) => setError(failed),
    );
    return () => abort.abort();
  }, [view, level, pins, turn]);
  const tidy = useCallback(() => {
    kept.current.delete(level);
    setTurn(now => now + 1);
  }, [level]);
  return { drawn, tidy, error };
}
