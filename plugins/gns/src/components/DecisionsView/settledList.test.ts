import { settle } from './settledList';

const a = { id: 'a', n: 1 };
const b = { id: 'b', n: 1 };

describe('settle', () => {
  it('keeps the place of what is gone, and puts what is new at the end', () => {
    const first = settle([], [a, b]);
    expect(first).toEqual([
      { item: a, gone: false },
      { item: b, gone: false },
    ]);
    const c = { id: 'c', n: 1 };
    expect(settle(first, [c, b])).toEqual([
      { item: a, gone: true },
      { item: b, gone: false },
      { item: c, gone: false },
    ]);
  });

  it('shows the newest of what stays, and what came back', () => {
    const gone = settle(settle([], [a]), []);
    expect(settle(gone, [{ id: 'a', n: 2 }])).toEqual([
      { item: { id: 'a', n: 2 }, gone: false },
    ]);
  });
});
