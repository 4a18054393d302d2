import fc from 'fast-check';
import { foldUnchanged, lineDiff, type Row } from './lineDiff';

const text = fc.stringMatching(/^([ab ]{0,4}\n){0,8}$/);
const read = (rows: Row[], which: 'before' | 'after') =>
  rows
    .flatMap(row => row[which] ?? [])
    .map(side => `${side.pieces.map(piece => piece.text).join('')}\n`)
    .join('');

describe('lineDiff', () => {
  it('holds both texts whole, with their line numbers', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { rows } = lineDiff(before, after);
        expect(read(rows, 'before')).toBe(before);
        expect(read(rows, 'after')).toBe(after);
        for (const which of ['before', 'after'] as const) {
          const lines = rows.flatMap(row => row[which]?.line ?? []);
          expect(lines).toEqual(lines.map((_, i) => i + 1));
        }
      }),
    );
  });

  it('sees no change between equal texts', () => {
    expect(lineDiff('a\nb\n', 'a\nb\n')).toMatchObject({
      added: 0,
      removed: 0,
      rows: [{ kind: 'same' }, { kind: 'same' }],
    });
  });

  it('marks the words that changed inside of a line', () => {
    const { rows, added, removed } = lineDiff(
      'mtls: strict # both\n',
      'mtls: permissive # both\n',
    );
    expect({ added, removed }).toEqual({ added: 1, removed: 1 });
    expect(rows[0].after?.pieces.filter(piece => piece.changed)).toEqual([
      { text: 'permissive', changed: true },
    ]);
  });

  it('a last line without its end is a line', () => {
    const { rows } = lineDiff('a', 'a\nb');
    expect(read(rows, 'after')).toBe('a\nb\n');
  });
});

describe('foldUnchanged', () => {
  it('keeps every row, and every change in sight', () => {
    fc.assert(
      fc.property(text, text, fc.nat(3), (before, after, context) => {
        const { rows } = lineDiff(before, after);
        const blocks = foldUnchanged(rows, context);
        expect(blocks.flatMap(block => block.rows)).toEqual(rows);
        for (const block of blocks.filter(one => one.folded)) {
          expect(block.rows.every(row => row.kind === 'same')).toBe(true);
          expect(block.rows.length).toBeGreaterThan(1);
        }
      }),
    );
  });
});
