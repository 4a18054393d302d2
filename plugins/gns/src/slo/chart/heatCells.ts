import {
  type SloHeatMap,
  type SloSliceState,
} from '@isthmus/plugin-gns-common';

/** A slice of the window at its place: days run to the right or down. */
export interface HeatCell {
  index: number;
  /** Unix milliseconds. */
  at: number;
  column: number;
  row: number;
  state: SloSliceState;
  burn: number | null;
}

export interface HeatGrid {
  cells: HeatCell[];
  columns: number;
  rows: number;
  /** First slice of each day, Unix milliseconds; the index is its row or column. */
  days: number[];
  /** Days are rows, and the hours run to the right; else days run to the right. */
  daysAreRows: boolean;
}

const DAY = 86_400;
/** So many days, at most, make a list that is read from top to bottom. */
const MOST_ROWS = 45;

const WORSE: Record<SloSliceState, number> = {
  none: 0,
  ignored: 1,
  noTraffic: 2,
  good: 3,
  unknown: 4,
  bad: 5,
};

/**
 * Places the slices of a window by day and time of day of the reader's clock.
 * When the clock is put back, the worse of two equal hours is drawn.
 */
export function heatGrid(map: SloHeatMap): HeatGrid {
  const from = new Date(map.from).getTime();
  const perDay = Math.max(1, Math.round(DAY / map.stepSeconds));
  const days: number[] = [];
  const places = new Map<
    number,
    { slot: number; day: number; index: number }
  >();
  let midnight = NaN;
  map.states.forEach((state, index) => {
    if (state === 'none') return;
    const at = from + index * map.stepSeconds * 1000;
    const clock = new Date(at);
    const seconds =
      clock.getHours() * 3600 + clock.getMinutes() * 60 + clock.getSeconds();
    clock.setHours(0, 0, 0, 0);
    if (clock.getTime() !== midnight) {
      midnight = clock.getTime();
      days.push(at);
    }
    const day = days.length - 1;
    const slot = Math.min(perDay - 1, Math.floor(seconds / map.stepSeconds));
    const there = places.get(day * perDay + slot);
    if (!there || WORSE[state] > WORSE[map.states[there.index]]) {
      places.set(day * perDay + slot, { slot, day, index });
    }
  });
  const daysAreRows = perDay >= 24 && days.length <= MOST_ROWS;
  return {
    cells: [...places.values()].map(({ slot, day, index }) => ({
      index,
      at: from + index * map.stepSeconds * 1000,
      column: daysAreRows ? slot : day,
      row: daysAreRows ? day : slot,
      state: map.states[index],
      burn: map.burn[index] ?? null,
    })),
    columns: daysAreRows ? perDay : days.length,
    rows: daysAreRows ? days.length : perDay,
    days,
    daysAreRows,
  };
}

/** A stretch of the window in which all slices were alike. */
export interface HeatStretch {
  state: SloSliceState;
  /** Unix milliseconds. */
  from: number;
  to: number;
  /** The fastest burn in it. */
  burn: number | null;
}

/** What a heat map says, for a table: the stretches that were bad or unknown, newest first. */
export function notableStretches(map: SloHeatMap): HeatStretch[] {
  const from = new Date(map.from).getTime();
  const step = map.stepSeconds * 1000;
  const found: HeatStretch[] = [];
  map.states.forEach((state, i) => {
    if (state !== 'bad' && state !== 'unknown') return;
    const burn = map.burn[i] ?? null;
    const begin = from + i * step;
    const last = found[found.length - 1];
    if (last && last.state === state && last.to === begin) {
      last.to += step;
      last.burn = most(last.burn, burn);
    } else {
      found.push({ state, from: begin, to: begin + step, burn });
    }
  });
  return found.reverse();
}

function most(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/** How many slices of each state there are. */
export function countStates(map: SloHeatMap): Map<SloSliceState, number> {
  const counts = new Map<SloSliceState, number>();
  for (const state of map.states) {
    if (state !== 'none') counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}
