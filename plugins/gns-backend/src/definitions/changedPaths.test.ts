import fc from 'fast-check';
import { canonicalJson } from '@isthmus/plugin-gns-common';
import { changedPaths } from './changedPaths';

describe('changedPaths', () => {
  it('names the smallest paths that differ', () => {
    expect(
      changedPaths(
        { a: 1, b: { c: [1, 2, { d: 3 }] }, gone: 'x', 'odd.k': 1 },
        { a: 1, b: { c: [1, 4, { d: 5 }, 6] }, new: null, 'odd.k': 2 },
      ),
    ).toEqual([
      { path: 'b.c[1]', before: 2, after: 4 },
      { path: 'b.c[2].d', before: 3, after: 5 },
      { path: 'b.c[3]', after: 6 },
      { path: 'gone', before: 'x' },
      { path: 'new', after: null },
      { path: '["odd.k"]', before: 1, after: 2 },
    ]);
  });

  it('a value that changes its type changes as a whole', () => {
    expect(changedPaths({ a: [1] }, { a: { 0: 1 } })).toEqual([
      { path: 'a', before: [1], after: { 0: 1 } },
    ]);
    expect(changedPaths(undefined, { a: 1 })).toEqual([
      { path: '', after: { a: 1 } },
    ]);
  });

  it('is empty for equal values, and only for those', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        fc.jsonValue({ maxDepth: 3 }),
        (a, b) => {
          expect(changedPaths(a, structuredClone(a))).toEqual([]);
          expect(changedPaths(a, b).length === 0).toBe(
            canonicalJson(a) === canonicalJson(b),
          );
        },
      ),
    );
  });
});
