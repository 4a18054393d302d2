import {
  budgetText,
  burnText,
  countText,
  digitsBeside,
  durationText,
  lengthText,
  shareText,
  shortLengthText,
  targetText,
} from './numbers';

describe('numbers of objectives', () => {
  it('never round up to 100 %', () => {
    expect(shareText(0.999996, 'en', { digits: 2 })).toBe('99.99%');
    expect(shareText(1, 'en')).toBe('100%');
    expect(shareText(0.9991, 'en', { digits: 2 })).toBe('99.91%');
  });

  it('are not shown when unknown', () => {
    expect(shareText(null, 'en')).toBeUndefined();
    expect(budgetText(null, 'en')).toBeUndefined();
    expect(burnText(null, 'en')).toBeUndefined();
  });

  it('show a target as it was written, and a share with a digit more', () => {
    expect(targetText(99.95, 'en')).toBe('99.95%');
    expect(digitsBeside(99.95)).toBe(3);
    expect(digitsBeside(99)).toBe(2);
  });

  it.each([
    [-0.12, '-12%'],
    [0.004, '0.4%'],
    [0.83, '83%'],
    [0, '0%'],
  ])('a budget of %s is %s', (value, text) =>
    expect(budgetText(value, 'en')).toBe(text),
  );

  it.each([
    [14.4, '14.4×'],
    [0.021, '0.02×'],
    [0, '0×'],
    [1234.5, '1,235×'],
  ])('a burn rate of %s is %s', (value, text) =>
    expect(burnText(value, 'en')).toBe(text),
  );

  it('count, and tell lengths', () => {
    expect(countText(1_234_567, 'en')).toBe('1.2M');
    expect(countText(4801.4, 'en')).toBe('4,801');
    expect(lengthText(28 * 86_400, 'en')).toBe('28 days');
    expect(lengthText(5400, 'en')).toBe('1.5 hours');
    expect(shortLengthText(21_600, 'en')).toBe('6h');
    expect(shortLengthText(5400, 'en')).toBe('90m');
    expect(durationText(250, 'en')).toBe('250 ms');
    expect(durationText(2500, 'en')).toBe('2.5 sec');
  });
});
