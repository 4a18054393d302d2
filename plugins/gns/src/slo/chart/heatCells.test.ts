import {
  type SloHeatMap,
  type SloSliceState,
} from '@isthmus/plugin-gns-common';
import { countStates, heatGrid, notableStretches } from './heatCells';

const HOUR = 3600;
const map = (
  states: SloSliceState[],
  over: Partial<SloHeatMap> = {},
): SloHeatMap => ({
  // Midnight of the reader's clock, whatever its zone.
  from: new Date(2026, 1, 2).toISOString(),
  stepSeconds: HOUR,
  objective: 'available',
  states,
  burn: states.map(state => (state === 'bad' ? 4 : 0)),
  ...over,
});
const good = (count: number) =>
  Array.from({ length: count }, (): SloSliceState => 'good');

describe('heatGrid', () => {
  it('puts days below each other and hours side by side', () => {
    const grid = heatGrid(map(good(20 * 24)));
    expect([grid.columns, grid.rows, grid.daysAreRows]).toEqual([24, 20, true]);
    expect(grid.cells).toHaveLength(20 * 24);
    expect(grid.cells[25]).toMatchObject({ column: 1, row: 1 });
  });

  it('lets a year of long slices run to the right', () => {
    const grid = heatGrid(map(good(365 * 6), { stepSeconds: 4 * HOUR }));
    expect(grid.daysAreRows).toBe(false);
    expect(grid.rows).toBe(6);
    expect(grid.columns).toBeGreaterThanOrEqual(365);
  });

  it('draws nothing where there is nothing yet', () => {
    const grid = heatGrid(map(['good', 'none', 'bad', 'none']));
    expect(grid.cells.map(cell => cell.index)).toEqual([0, 2]);
  });
});

describe('notableStretches', () => {
  it('joins what is bad or unknown, newest first, with the fastest burn', () => {
    const found = notableStretches(
      map(['bad', 'bad', 'good', 'unknown', 'bad'], {
        burn: [2, 9, 0, null, 3],
      }),
    );
    expect(
      found.map(({ state, from, to, burn }) => [
        state,
        (to - from) / 1000 / HOUR,
        burn,
      ]),
    ).toEqual([
      ['bad', 1, 3],
      ['unknown', 1, null],
      ['bad', 2, 9],
    ]);
  });
});

describe('countStates', () => {
  it('leaves out what is not yet', () => {
    expect([...countStates(map(['good', 'good', 'bad', 'none']))]).toEqual([
      ['good', 2],
      ['bad', 1],
    ]);
  });
});
