import {
  historySlice,
  isFinal,
  newestSlice,
  nextBackfill,
  revisionOf,
  sliceSecondsFor,
} from './schedule';

describe('the schedule', () => {
  it('takes slices in which each proxy is scraped twice at least', () => {
    expect(sliceSecondsFor(60, undefined)).toBe(60);
    expect(sliceSecondsFor(60, 15)).toBe(60);
    expect(sliceSecondsFor(60, 30)).toBe(60);
    expect(sliceSecondsFor(60, 60)).toBe(300);
    expect(sliceSecondsFor(300, 15)).toBe(300);
    expect(sliceSecondsFor(60, 600)).toBe(900);
  });

  it('waits for late scrapes, and cuts slices at whole multiples', () => {
    expect(newestSlice(1_000_104, 60, 15)).toEqual({
      from: 999_960,
      to: 1_000_020,
      seconds: 60,
    });
    expect(newestSlice(1_000_105, 60, 15)).toMatchObject({ to: 1_000_080 });
    expect(newestSlice(1_000_105, 60, 30)).toMatchObject({ to: 1_000_020 });
  });

  it('tells by time which try of a slice this is', () => {
    expect(revisionOf(1000, 1030)).toBe(1);
    expect(revisionOf(1000, 1120)).toBe(3);
    expect(revisionOf(1000, 900)).toBe(1);
    expect(revisionOf(0, 1e12)).toBe(1_000_000);
    expect(isFinal(1000, 4600)).toBe(false);
    expect(isFinal(1000, 4601)).toBe(true);
  });

  it('reaches back by minutes as long as those are kept, then by quarters of an hour', () => {
    expect(historySlice(1_000_100, 3600, 60)).toEqual({
      from: 996_480,
      to: 996_540,
      seconds: 60,
    });
    expect(historySlice(1_000_100, 5 * 86_400, 60).seconds).toBe(900);
  });

  const never = () => false;
  it('fills the newest gap first, in stretches of limited length', () => {
    const wanted = [
      { from: 600, to: 1200, seconds: 60 as const },
      { from: 0, to: 300, seconds: 60 as const },
    ];
    expect(nextBackfill(wanted, { most: 4, isBlocked: never })).toEqual({
      from: 960,
      to: 1200,
      seconds: 60,
    });
    expect(
      nextBackfill(wanted, { most: 99, isBlocked: start => start >= 600 }),
    ).toEqual({ from: 0, to: 300, seconds: 60 });
    expect(
      nextBackfill(wanted, {
        most: 99,
        isBlocked: start => start === 1140 || start === 900,
      }),
    ).toEqual({ from: 960, to: 1140, seconds: 60 });
    expect(nextBackfill([], { most: 4, isBlocked: never })).toBeUndefined();
  });
});
