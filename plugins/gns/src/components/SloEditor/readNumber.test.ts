import { readNumber } from './readNumber';

it.each([
  ['99.9', 99.9],
  ['99.', 99],
  ['99,95', 99.95],
  [' 3 ', 3],
  ['', undefined],
  ['99.9%', '99.9%'],
  ['1e3', '1e3'],
])('%j is read as %j', (text, value) => expect(readNumber(text)).toBe(value));
