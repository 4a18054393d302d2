import { TRAFFIC_LEVELS, type TrafficLevel } from '@isthmus/plugin-gns-common';
import { type Box, extentOf } from '../arrange/boxes';

/** Of the map, as React Flow has it. */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

/** Below this, text is too small: one level up. */
export const ZOOM_OUT = 0.2;
/** Above this there is room for more: one level down. Far from the other, so that nothing flickers. */
export const ZOOM_IN = 1.7;
/** As deep as zooming goes; beyond that only on request. */
const DEEPEST: TrafficLevel = 'workload';

/** The level that fits a zoom, from the one that is shown. */
export function levelFor(shown: TrafficLevel, zoom: number): TrafficLevel {
  const at = TRAFFIC_LEVELS.indexOf(shown);
  if (zoom < ZOOM_OUT) return TRAFFIC_LEVELS[Math.max(0, at - 1)];
  if (zoom > ZOOM_IN && shown !== DEEPEST) return TRAFFIC_LEVELS[at + 1];
  return shown;
}

/** The zoom at which all of it is seen. */
export function fittingZoom(
  boxes: Iterable<Box>,
  screen: { width: number; height: number },
): number {
  const { width, height } = extentOf(boxes);
  if (width === 0 || height === 0) return 1;
  return Math.min(1, screen.width / width, screen.height / height) * 0.94;
}

/** All of it in the middle of the screen. */
export function fitted(
  boxes: ReadonlyMap<string, Box>,
  screen: { width: number; height: number },
): Viewport {
  const all = extentOf(boxes.values());
  const zoom = fittingZoom(boxes.values(), screen);
  return {
    zoom,
    x: screen.width / 2 - (all.x + all.width / 2) * zoom,
    y: screen.height / 2 - (all.y + all.height / 2) * zoom,
  };
}

/** Whether the viewport shows just all of it. */
export function isFitted(
  boxes: ReadonlyMap<string, Box>,
  viewport: Viewport,
  screen: { width: number; height: number },
): boolean {
  const whole = fitted(boxes, screen);
  return (
    Math.abs(whole.zoom - viewport.zoom) < 1e-3 &&
    Math.hypot(whole.x - viewport.x, whole.y - viewport.y) < 2
  );
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/**
 * The viewport after a change of level: what was in the middle of the screen
 * stays there, about as large as it was, and within the limits of its level.
 */
export function keepInSight(
  before: ReadonlyMap<string, Box>,
  after: ReadonlyMap<string, Box>,
  viewport: Viewport,
  screen: { width: number; height: number },
): Viewport {
  const middle = {
    x: (screen.width / 2 - viewport.x) / viewport.zoom,
    y: (screen.height / 2 - viewport.y) / viewport.zoom,
  };
  let anchor: Box | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const box of before.values()) {
    if (!after.has(box.id)) continue;
    const far = Math.hypot(
      middle.x - (box.x + box.width / 2),
      middle.y - (box.y + box.height / 2),
    );
    const isInside =
      Math.abs(middle.x - box.x - box.width / 2) <= box.width / 2 &&
      Math.abs(middle.y - box.y - box.height / 2) <= box.height / 2;
    // The smallest that holds the middle, else the nearest.
    const rank = isInside ? box.width * 1e-6 : 1 + far;
    if (rank < least) {
      least = rank;
      anchor = box;
    }
  }
  const now = anchor && after.get(anchor.id);
  if (!anchor || !now) return fitted(after, screen);
  const zoom = Math.min(
    ZOOM_IN * 0.8,
    Math.max(ZOOM_OUT * 1.25, (viewport.zoom * anchor.width) / now.width),
  );
  const within = {
    x: clamp((middle.x - anchor.x) / anchor.width) * now.width,
    y: clamp((middle.y - anchor.y) / anchor.height) * now.height,
  };
  return {
    zoom,
    x: screen.width / 2 - (now.x + within.x) * zoom,
    y: screen.height / 2 - (now.y + within.y) * zoom,
  };
}
