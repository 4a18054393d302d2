import { settledEnd } from './newestSettled';

describe('settledEnd', () => {
  it('waits for a cluster that is one minute behind the first', () => {
    expect(settledEnd([6000, 5940, 6000], 0)).toBe(5940);
  });

  it('does not wait for one that is further behind', () => {
    expect(settledEnd([6000, 5880], 0)).toBe(6000);
    expect(settledEnd([6000, 5940, 5000], 0)).toBe(5940);
  });

  it('falls back where nobody delivered', () => {
    expect(settledEnd([], 42)).toBe(42);
  });
});
