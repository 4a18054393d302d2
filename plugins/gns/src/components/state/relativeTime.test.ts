import { elapsed, relativeTime } from './relativeTime';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-23T11:59:40Z', '20 seconds ago'],
    ['2026-11-23T11:57:30Z', '2 minutes ago'],
    ['2026-11-23T10:00:00Z', '2 hours ago'],
    ['2026-11-20T12:00:00Z', '3 days ago'],
    ['2026-11-23T12:30:00Z', 'in 30 minutes'],
  ])('%s is %s', (at, text) => {
    expect(relativeTime(at, NOW, 'en')).toBe(text);
  });

  it('says nothing of a few seconds, where clocks differ', () => {
    expect(relativeTime(NOW - 3000, NOW, 'en')).toBeUndefined();
    expect(relativeTime(NOW + 12_000, NOW, 'en')).toBeUndefined();
  });

  it('speaks Japanese', () => {
    expect(relativeTime(NOW - 120_000, NOW, 'ja')).toBe('2 分前');
  });
});

describe('elapsed', () => {
  it('is a length of time in the language', () => {
    expect(elapsed(NOW - 120_000, NOW, 'en')).toBe('2 minutes');
    expect(elapsed(NOW - 3_700_000, NOW, 'en')).toBe('1 hour');
    expect(elapsed(NOW - 120_000, NOW, 'ja')).toBe('2 分');
  });

  it('is never negative, whatever the clocks say', () => {
    expect(elapsed(NOW + 60_000, NOW, 'en')).toBe('1 second');
  });
});
