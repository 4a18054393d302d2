import fc from 'fast-check';
import { HIDDEN_CHARACTERS, showPath, showValue } from './problems';

describe('showValue', () => {
  it('is JSON, shortened', () => {
    expect(showValue({ a: [1, 'x'] })).toBe('{"a":[1,"x"]}');
    expect(showValue('x'.repeat(500))).toHaveLength(201);
    expect(showValue(undefined)).toBeUndefined();
  });

  it('answers for what JSON cannot say', () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    expect(showValue(ring)).toBe('[object Object]');
    expect(showValue(10n)).toBe('10');
    expect(showValue(() => 1)).toContain('=>');
  });

  it('hides nothing: no control, format or half character comes out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(showValue(text)).not.toMatch(HIDDEN_CHARACTERS);
      }),
    );
    expect(showValue('a\u00adb\u202e\u2028\u{e0041}')).toBe(
      '"a\\u00adb\\u202e\\u2028\\udb40\\udc41"',
    );
  });
});

describe('showPath', () => {
  it('reads as people write paths', () => {
    expect(showPath(['spec', 'members', 0, 'namespaces'])).toBe(
      'spec.members[0].namespaces',
    );
    expect(showPath(['metadata', 'labels', 'a.b/c'])).toBe(
      'metadata.labels["a.b/c"]',
    );
    expect(showPath([])).toBe('');
  });
});
