import fc from 'fast-check';
import { smallestChange } from './smallestChange';

describe('smallestChange', () => {
  it('turns one text into the other', () => {
    const text = fc.stringMatching(/^[ab\n]{0,12}$/);
    fc.assert(
      fc.property(text, text, (before, after) => {
        const change = smallestChange(before, after);
        const made = change
          ? before.slice(0, change.from) +
            change.insert +
            before.slice(change.to)
          : before;
        expect(made).toBe(after);
      }),
    );
  });

  it('touches only what differs', () => {
    expect(smallestChange('a: 1\nb: 2\nc: 3', 'a: 1\nb: 4\nc: 3')).toEqual({
      from: 8,
      to: 9,
      insert: '4',
    });
  });
});
