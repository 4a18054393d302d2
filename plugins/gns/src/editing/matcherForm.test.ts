import fc from 'fast-check';
import { matcherSchema } from '@isthmus/plugin-gns-common';
import { readMatcher, writeMatcher } from './matcherForm';

describe('matcherForm', () => {
  it('writes what it read', () => {
    const label = fc.stringMatching(/^[a-z]{1,5}$/);
    const matcher = fc.oneof(
      fc.record({ names: fc.array(label, { minLength: 1 }) }),
      fc.record({ prefix: fc.stringMatching(/^[a-z]{0,5}$/) }),
      fc.record({ labels: fc.dictionary(label, label, { minKeys: 1 }) }),
    );
    fc.assert(
      fc.property(matcher, written => {
        expect(matcherSchema.safeParse(written).success).toBe(true);
        expect(writeMatcher(readMatcher(written), true)).toEqual(written);
      }),
    );
  });

  it('takes what is left out for all, and leaves out all where it may', () => {
    expect(readMatcher(undefined)).toEqual({ way: 'all' });
    expect(writeMatcher({ way: 'all' }, false)).toBeUndefined();
    expect(writeMatcher({ way: 'all' }, true)).toEqual({ prefix: '' });
  });

  it('does not pretend to understand what it does not', () => {
    for (const written of ['eu-', 3, [], {}, { prefix: 'a', names: [] }]) {
      expect(readMatcher(written)).toEqual({ way: 'other' });
    }
  });
});
