import { HeldFor } from './HeldFor';

describe('HeldFor', () => {
  let now = 0;
  beforeEach(() => {
    now = 1_000;
  });
  const held = () => new HeldFor({ now: () => now }, 10_000);

  it('is true once it was the same for so long, each key by itself', () => {
    const looked = held();
    expect(looked.has('a', 'x')).toBe(false);
    now += 9_999;
    expect(looked.has('a', 'x')).toBe(false);
    expect(looked.has('b', 'x')).toBe(false);
    now += 1;
    expect(looked.has('a', 'x')).toBe(true);
    expect(looked.has('b', 'x')).toBe(false);
  });

  it.each([
    ['a break', undefined],
    ['another value, also when nobody looked in between', 'y'],
  ])('begins anew after %s', (_what, other) => {
    const looked = held();
    looked.has('a', 'x');
    now += 20_000;
    expect(looked.has('a', other)).toBe(false);
    now += 5_000;
    expect(looked.has('a', 'x')).toBe(false);
    now += 10_000;
    expect(looked.has('a', 'x')).toBe(true);
  });
});
