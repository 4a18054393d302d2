import { timeTicks } from './timeTicks';

const at = (text: string) => new Date(text).getTime();

describe('timeTicks', () => {
  it('of four weeks are days, as many as fit', () => {
    const span = [at('2026-03-01T10:00'), at('2026-03-29T10:00')] as const;
    const wide = timeTicks(span, 1000);
    expect(wide.hours).toBe(false);
    expect(wide.at.length).toBeLessThanOrEqual(14);
    expect(wide.at.every(time => new Date(time).getHours() === 0)).toBe(true);
    expect(timeTicks(span, 250).at.length).toBeLessThanOrEqual(3);
  });

  it('of a day are hours', () => {
    const { at: ticks, hours } = timeTicks(
      [at('2026-03-01T10:20'), at('2026-03-02T10:20')],
      600,
    );
    expect(hours).toBe(true);
    expect(ticks.map(time => new Date(time).getHours())).toEqual([
      12, 15, 18, 21, 0, 3, 6, 9,
    ]);
  });

  it('lie within, and there is one even where there is little room', () => {
    const span = [at('2026-01-05T00:00'), at('2027-01-05T00:00')] as const;
    const { at: ticks } = timeTicks(span, 40);
    expect(ticks.length).toBeGreaterThan(0);
    expect(Math.min(...ticks)).toBeGreaterThanOrEqual(span[0]);
    expect(Math.max(...ticks)).toBeLessThanOrEqual(span[1]);
  });
});
