import { showValue } from './showValue';

describe('showValue', () => {
  it('shows strings bare and the rest as JSON', () => {
    expect(showValue('strict')).toBe('strict');
    expect(showValue(null)).toBe('null');
    expect(showValue({ a: [1] })).toBe('{"a":[1]}');
  });

  it('cuts what is too long to read', () => {
    expect(showValue('x'.repeat(5000))).toHaveLength(401);
  });
});
