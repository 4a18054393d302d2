import { linearScale, linePath, stretches, ticksOf } from './linePath';

describe('linearScale', () => {
  it('maps ends on ends, also upside down', () => {
    const y = linearScale([-1, 1], [100, 0]);
    expect([y(-1), y(0), y(1)]).toEqual([100, 50, 0]);
  });

  it('of a single value is its start, not a division by zero', () => {
    expect(linearScale([3, 3], [10, 90])(3)).toBe(10);
  });
});

describe('ticksOf', () => {
  it.each<[[number, number], number, number[]]>([
    [[0, 1], 4, [0, 0.5, 1]],
    [[-0.4, 1], 5, [0, 0.5, 1]],
    [[0, 14.4], 3, [0, 5, 10]],
    [[0, 0], 3, []],
  ])('of %j about %d are %j', (domain, count, ticks) =>
    expect(ticksOf(domain, count)).toEqual(ticks),
  );
});

describe('linePath', () => {
  const x = (i: number) => i * 10;
  const y = (v: number) => v;

  it('is broken where a value is unknown', () => {
    expect(linePath([1, 2, null, 4, 5], x, y)).toBe('M0 1L10 2M30 4L40 5');
  });

  it('shows a lone value', () => {
    expect(linePath([null, 7, null], x, y)).toBe('M10 7h0.01');
  });

  it('of nothing known is nothing', () => {
    expect(linePath([null, null], x, y)).toBe('');
  });
});

describe('stretches', () => {
  it('joins what lies side by side', () => {
    const values = [null, 1, null, null, 1, null];
    expect(stretches(values.length, i => values[i] === null)).toEqual([
      [0, 0],
      [2, 3],
      [5, 5],
    ]);
  });
});
