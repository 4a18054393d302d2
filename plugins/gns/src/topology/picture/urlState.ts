import {
  type QuantileName,
  TRAFFIC_LEVELS,
  TRAFFIC_WINDOWS_SECONDS,
  type TrafficLevel,
} from '@isthmus/plugin-gns-common';
import { type Viewport } from './levels';

export const EDGE_LABELS = [
  'rate',
  'errors',
  'latency',
  'mtls',
  'none',
] as const;
export type EdgeLabel = (typeof EDGE_LABELS)[number];
const QUANTILES = ['p50', 'p95', 'p99'] as const;
const EDGES = ['all', 'unhealthy', 'none'] as const;

/** All of the page that a link brings back. */
export interface TopologyState {
  view: 'graph' | 'table';
  /** `auto`: by zoom. */
  level: TrafficLevel | 'auto';
  /** By zoom: the level that is on the screen; absent: services. */
  shown?: TrafficLevel;
  /** Seconds. */
  window: number;
  /** End of the window, RFC 3339; absent: now. */
  at?: string;
  quantile: QuantileName;
  label: EdgeLabel;
  edges: (typeof EDGES)[number];
  idle: boolean;
  strangers: boolean;
  find: string;
  hide: string;
  /** Id of a node or edge. */
  selected?: string;
  viewport?: Viewport;
}

export const DEFAULTS: TopologyState = {
  view: 'graph',
  level: 'auto',
  window: 300,
  quantile: 'p95',
  label: 'rate',
  edges: 'all',
  idle: true,
  strangers: true,
  find: '',
  hide: '',
};

function oneOf<T extends string>(
  value: string | null,
  allowed: readonly T[],
  otherwise: T,
): T {
  return allowed.find(one => one === value) ?? otherwise;
}

function readViewport(value: string | null): Viewport | undefined {
  const numbers = value?.split(',').map(Number) ?? [];
  const [x, y, zoom] = numbers;
  return numbers.length === 3 &&
    numbers.every(Number.isFinite) &&
    zoom >= 0.02 &&
    zoom <= 4
    ? { x, y, zoom }
    : undefined;
}

/** Reads a link; what it does not know or cannot be takes its default. */
export function readState(params: URLSearchParams): TopologyState {
  const window = Number(params.get('window'));
  const at = params.get('at');
  const time = at === null ? Number.NaN : Date.parse(at);
  const viewport = readViewport(params.get('map'));
  const selected = params.get('sel');
  const shown = TRAFFIC_LEVELS.find(one => one === params.get('shown'));
  return {
    view: oneOf(params.get('view'), ['graph', 'table'], DEFAULTS.view),
    level: oneOf(
      params.get('level'),
      ['auto', ...TRAFFIC_LEVELS],
      DEFAULTS.level,
    ),
    window: (TRAFFIC_WINDOWS_SECONDS as readonly number[]).includes(window)
      ? window
      : DEFAULTS.window,
    ...(Number.isNaN(time) ? {} : { at: new Date(time).toISOString() }),
    quantile: oneOf(params.get('latency'), QUANTILES, DEFAULTS.quantile),
    label: oneOf(params.get('label'), EDGE_LABELS, DEFAULTS.label),
    edges: oneOf(params.get('edges'), EDGES, DEFAULTS.edges),
    idle: params.get('idle') !== 'no',
    strangers: params.get('strangers') !== 'no',
    find: params.get('find') ?? '',
    hide: params.get('hide') ?? '',
    ...(shown ? { shown } : {}),
    ...(selected ? { selected } : {}),
    ...(viewport ? { viewport } : {}),
  };
}

/** Writes a state over the parameters of a link; defaults are left out, others' parameters stay. */
export function writeState(
  state: TopologyState,
  params: URLSearchParams,
): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (key: string, value: string | undefined, initial?: string) => {
    if (value === undefined || value === '' || value === initial) {
      next.delete(key);
    } else {
      next.set(key, value);
    }
  };
  put('view', state.view, DEFAULTS.view);
  put('level', state.level, DEFAULTS.level);
  put('shown', state.level === 'auto' ? state.shown : undefined, 'service');
  put('window', String(state.window), String(DEFAULTS.window));
  put('at', state.at);
  put('latency', state.quantile, DEFAULTS.quantile);
  put('label', state.label, DEFAULTS.label);
  put('edges', state.edges, DEFAULTS.edges);
  put('idle', state.idle ? undefined : 'no');
  put('strangers', state.strangers ? undefined : 'no');
  put('find', state.find);
  put('hide', state.hide);
  put('sel', state.selected);
  put(
    'map',
    state.viewport &&
      [
        Math.round(state.viewport.x),
        Math.round(state.viewport.y),
        Math.round(state.viewport.zoom * 1000) / 1000,
      ].join(','),
  );
  return next;
}
