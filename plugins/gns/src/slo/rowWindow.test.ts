import fc from 'fast-check';
import { rowWindow } from './rowWindow';

describe('rowWindow', () => {
  it('draws few of a thousand rows', () => {
    const { first, end } = rowWindow({
      scrollTop: 30_000,
      height: 600,
      rowHeight: 60,
      count: 1000,
    });
    expect([first, end]).toEqual([494, 517]);
  });

  it('shows the end of a list that got shorter than where it was scrolled to', () => {
    expect(
      rowWindow({ scrollTop: 50_000, height: 600, rowHeight: 60, count: 12 }),
    ).toEqual({ first: 0, end: 12 });
  });

  it('covers every pixel that is seen', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.nat(2000),
        fc.integer({ min: 20, max: 200 }),
        fc.nat(),
        (count, height, rowHeight, offset) => {
          const end = Math.max(0, count * rowHeight - height);
          const scrollTop = end === 0 ? 0 : offset % (end + 1);
          const drawn = rowWindow({ scrollTop, height, rowHeight, count });
          expect(drawn.first * rowHeight).toBeLessThanOrEqual(scrollTop);
          expect(drawn.end * rowHeight).toBeGreaterThanOrEqual(
            Math.min(count * rowHeight, scrollTop + height),
          );
        },
      ),
    );
  });
});
