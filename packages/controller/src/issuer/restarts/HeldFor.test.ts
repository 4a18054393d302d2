import { HeldFor } from './HeldFor';

describe('HeldFor', () => {
  let now = 0;
  beforeEach(() => {
    now = 1_000;
  });
  const held = () => new HeldFor({ now: () => now }, 10_000);

  it('is true once it held for so long, each key by itself', () => {
    const looked = held();
    expect(looked.has('a', true)).toBe(false);
    now += 9_999;
    expect(looked.has('a', true)).toBe(false);
    expect(looked.has('b', true)).toBe(false);
    now += 1;
    expect(looked.has('a', true)).toBe(true);
    expect(looked.has('b', true)).toBe(false);
  });

  it('begins anew after a break', () => {
    const looked = held();
    looked.has('a', true);
    now += 9_000;
    expect(looked.has('a', false)).toBe(false);
    now += 5_000;
    expect(looked.has('a', true)).toBe(false);
    now += 10_000;
    expect(looked.has('a', true)).toBe(true);
  });
});
