import { sortRows } from './sortRows';

const rows = [
  { name: 'b', rate: 2 },
  { name: 'a10', rate: null },
  { name: 'a9', rate: 0 },
  { name: 'c', rate: 30 },
];
const names = (sorted: typeof rows) => sorted.map(row => row.name);

describe('sortRows', () => {
  it('puts the unknown last, whichever way: it is neither little nor much', () => {
    expect(names(sortRows(rows, row => row.rate, 'ascending'))).toEqual([
      'a9',
      'b',
      'c',
      'a10',
    ]);
    expect(names(sortRows(rows, row => row.rate, 'descending'))).toEqual([
      'c',
      'b',
      'a9',
      'a10',
    ]);
  });

  it('sorts names as people count', () => {
    expect(names(sortRows(rows, row => row.name, 'ascending', 'en'))).toEqual([
      'a9',
      'a10',
      'b',
      'c',
    ]);
  });

  it('keeps the order of equals', () => {
    expect(names(sortRows(rows, () => 1, 'descending'))).toEqual(names(rows));
  });
});
