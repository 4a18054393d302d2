import { budgetOf } from '../../dev/sloFixtures';
import { barOf } from './bar';

const unknown = {
  ...budgetOf(1, 99.9),
  sli: null,
  consumed: null,
  remaining: null,
};

describe('the bar of a budget', () => {
  it('is full of red when overspent', () => {
    expect(barOf(budgetOf(0.99, 99.9))).toEqual({ filled: 1, tone: 'spent' });
  });

  it('warns when little is left', () => {
    expect(barOf(budgetOf(0.99915, 99.9))).toMatchObject({ tone: 'little' });
    expect(barOf(budgetOf(0.9997, 99.9))).toMatchObject({ tone: 'plenty' });
  });

  it('is hatched from end to end when nothing is known', () => {
    expect(barOf(unknown)).toEqual({
      filled: 0,
      tone: 'unknown',
      unknown: { from: 0, to: 1 },
    });
  });

  it('is hatched between its bounds, within its frame', () => {
    expect(
      barOf({
        ...budgetOf(0.9991, 99.9),
        remainingBounds: { low: -17, high: 0.3 },
      }).unknown,
    ).toEqual({ from: 0, to: 0.3 });
  });

  it('without traffic is full: nothing was used, and that is known', () => {
    expect(barOf(unknown, 'noTraffic')).toEqual({ filled: 1, tone: 'plenty' });
  });
});
