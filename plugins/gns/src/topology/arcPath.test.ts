import { arcPath, deepestArc } from './arcPath';

describe('arcPath', () => {
  it('hangs deeper the longer it is', () => {
    const short = arcPath({ x: 0, y: 100 }, { x: 200, y: 100 });
    const long = arcPath({ x: 0, y: 100 }, { x: 900, y: 100 });
    expect(short.label.y).toBeGreaterThan(100);
    expect(long.label.y).toBeGreaterThan(short.label.y);
    expect(short.label.x).toBe(100);
  });

  it('stays within the room that is kept for it', () => {
    for (const width of [100, 500, 2000, 20_000]) {
      const { label } = arcPath({ x: 0, y: 0 }, { x: width, y: 0 });
      expect(label.y).toBeLessThan(deepestArc(width));
    }
  });
});
