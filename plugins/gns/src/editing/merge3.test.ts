import fc from 'fast-check';
import { type Merge, merge3 } from './merge3';
import { isRecord, same } from './same';

/** `mine` after the edits of a merge. */
function apply(mine: unknown, { edits }: Merge): unknown {
  return edits.reduce<unknown>(
    (at, { path, value }) => set(at, path, value),
    mine,
  );
}
function set(
  at: unknown,
  [step, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (step === undefined) return value;
  const map = isRecord(at) ? { ...at } : {};
  const inner = set(map[step], rest, value);
  if (inner === undefined) delete map[step];
  else map[step] = inner;
  return map;
}

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), {
  maxLength: 4,
});
const document = fc.record(
  {
    title: fc.constantFrom('x', 'y', 'z'),
    spec: fc.record({
      mtls: fc.constantFrom('strict', 'permissive'),
      members: fc.array(fc.record({ names }), { maxLength: 3 }),
    }),
    names,
  },
  { requiredKeys: ['spec'] },
);

describe('merge3', () => {
  it('takes theirs where I changed nothing', () => {
    fc.assert(
      fc.property(document, document, (base, theirs) => {
        const merge = merge3(base, theirs, base);
        expect(merge.conflicts).toEqual([]);
        expect(same(apply(base, merge), theirs)).toBe(true);
      }),
    );
  });

  it('changes nothing where they changed nothing, or the same as I', () => {
    fc.assert(
      fc.property(document, document, (base, mine) => {
        expect(merge3(base, base, mine)).toEqual({ edits: [], conflicts: [] });
        expect(merge3(base, mine, mine)).toEqual({ edits: [], conflicts: [] });
      }),
    );
  });

  it('without conflicts it says the same, whoever merges whom; lists up to order', () => {
    const sorted = (value: unknown): unknown => {
      if (Array.isArray(value)) {
        return value.map(sorted).sort((a, b) => {
          const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
          return x < y ? -1 : Number(x > y);
        });
      }
      return isRecord(value)
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, inner]) => [key, sorted(inner)]),
          )
        : value;
    };
    fc.assert(
      fc.property(document, document, document, (base, theirs, mine) => {
        const here = merge3(base, theirs, mine);
        const there = merge3(base, mine, theirs);
        expect(here.conflicts.length).toBe(there.conflicts.length);
        if (here.conflicts.length > 0) return;
        expect(sorted(apply(mine, here))).toEqual(sorted(apply(theirs, there)));
      }),
    );
  });

  it('joins names that both added, and drops what either removed', () => {
    const merge = merge3(
      { names: ['a', 'b', 'c'] },
      { names: ['a', 'b', 'theirs'] },
      { names: ['b', 'c', 'mine'] },
    );
    expect(merge).toEqual({
      edits: [{ path: ['names'], value: ['b', 'mine', 'theirs'] }],
      conflicts: [],
    });
  });

  it('leaves a person to choose where both changed one place differently', () => {
    expect(
      merge3(
        { title: 'Shop', mtls: 'strict' },
        { title: 'Corner shop', mtls: 'permissive' },
        { title: 'Web shop', mtls: 'strict' },
      ),
    ).toEqual({
      edits: [{ path: ['mtls'], value: 'permissive' }],
      conflicts: [
        {
          path: ['title'],
          base: 'Shop',
          theirs: 'Corner shop',
          mine: 'Web shop',
        },
      ],
    });
  });

  it('does not join two new versions of one entry of a list', () => {
    const entry = (...list: string[]) => ({ namespaces: { names: list } });
    expect(
      merge3(
        { members: [entry('a')] },
        { members: [entry('a', 'b')] },
        { members: [entry('a', 'c')] },
      ).conflicts,
    ).toHaveLength(1);
  });
});
