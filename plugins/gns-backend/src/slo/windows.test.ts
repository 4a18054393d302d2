import fc from 'fast-check';
import type { SloWindow } from '@isthmus/plugin-gns-common';
import { DAY, HOUR, previousWindow, QUARTER, windowAt } from './windows';

const at = (text: string) => Date.parse(text) / 1000;
const iso = (time: number) => new Date(time * 1000).toISOString();

type Period = Extract<SloWindow, { type: 'calendar' }>['period'];
const calendar = (period: Period, timeZone = 'UTC'): SloWindow => ({
  type: 'calendar',
  period,
  timeZone,
});

describe('calendar windows', () => {
  it.each<[string, Period, string, string, number]>([
    ['2026-02-14T00:00Z', 'month', 'UTC', '2026-02-01T00:00:00.000Z', 28 * 24],
    ['2028-02-29T12:00Z', 'month', 'UTC', '2028-02-01T00:00:00.000Z', 29 * 24],
    ['2026-04-30T23:59Z', 'month', 'UTC', '2026-04-01T00:00:00.000Z', 30 * 24],
    ['2026-01-31T00:00Z', 'month', 'UTC', '2026-01-01T00:00:00.000Z', 31 * 24],
    // The clock springs forward on 29 March 2026 and back on 25 October.
    [
      '2026-03-10T00:00Z',
      'month',
      'Europe/Berlin',
      '2026-02-28T23:00:00.000Z',
      743,
    ],
    [
      '2026-10-30T00:00Z',
      'month',
      'Europe/Berlin',
      '2026-09-30T22:00:00.000Z',
      745,
    ],
    // New York falls back on 1 November: a month of 30 days and an hour.
    [
      '2026-11-20T00:00Z',
      'month',
      'America/New_York',
      '2026-11-01T04:00:00.000Z',
      721,
    ],
    // Lord Howe Island moves by half an hour (5 April 2026).
    [
      '2026-04-20T00:00Z',
      'month',
      'Australia/Lord_Howe',
      '2026-03-31T13:00:00.000Z',
      720.5,
    ],
    [
      '2026-06-15T00:00Z',
      'month',
      'Asia/Kathmandu',
      '2026-05-31T18:15:00.000Z',
      720,
    ],
    [
      '2026-06-15T00:00Z',
      'month',
      'Asia/Kolkata',
      '2026-05-31T18:30:00.000Z',
      720,
    ],
    [
      '2026-06-15T00:00Z',
      'month',
      'Pacific/Chatham',
      '2026-05-31T11:15:00.000Z',
      720,
    ],
    // A Sunday belongs to the week that began on Monday.
    ['2026-11-29T23:00Z', 'week', 'UTC', '2026-11-23T00:00:00.000Z', 168],
    ['2026-11-30T00:00Z', 'week', 'UTC', '2026-11-30T00:00:00.000Z', 168],
    [
      '2026-03-29T12:00Z',
      'week',
      'Europe/Berlin',
      '2026-03-22T23:00:00.000Z',
      167,
    ],
    [
      '2026-05-05T00:00Z',
      'quarter',
      'UTC',
      '2026-04-01T00:00:00.000Z',
      91 * 24,
    ],
    [
      '2028-03-05T00:00Z',
      'quarter',
      'UTC',
      '2028-01-01T00:00:00.000Z',
      91 * 24,
    ],
    ['2028-03-05T00:00Z', 'year', 'UTC', '2028-01-01T00:00:00.000Z', 366 * 24],
    [
      '2026-12-31T20:00Z',
      'year',
      'Asia/Tokyo',
      '2026-12-31T15:00:00.000Z',
      365 * 24,
    ],
  ])('%s lies in a %s of %s', (now, period, zone, from, hours) => {
    const window = windowAt(calendar(period, zone), at(now));
    expect([iso(window.from), (window.to - window.from) / HOUR]).toEqual([
      from,
      hours,
    ]);
    expect(window).toMatchObject({ until: at(now), resetsAt: window.to });
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
    'America/Sao_Paulo',
    'Africa/Casablanca',
  ];

  it('follow each other without gap or overlap, on quarters of an hour', () => {
    fc.assert(
      fc.property(
        fc.integer({
          min: at('2020-01-01T00:00Z'),
          max: at('2037-12-31T00:00Z'),
        }),
        fc.constantFrom<Period>('week', 'month', 'quarter', 'year'),
        fc.constantFrom(...zones),
        (now, period, zone) => {
          const window = calendar(period, zone);
          const here = windowAt(window, now);
          expect(here.from <= now && now < here.to).toBe(true);
          expect(here.from % QUARTER).toBe(0);
          expect(windowAt(window, here.from).from).toBe(here.from);
          expect(windowAt(window, here.to - 1)).toMatchObject({
            from: here.from,
            to: here.to,
          });
          expect(windowAt(window, here.to).from).toBe(here.to);
          expect(previousWindow(window, now)?.to).toBe(here.from);
        },
      ),
    );
  });
});

describe('rolling windows', () => {
  it('end now, and begin at a quarter of an hour whole days before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1.6e9, max: 2.2e9 }),
        fc.integer({ min: 1, max: 365 }),
        (now, days) => {
          const { from, to, until, resetsAt } = windowAt(
            { type: 'rolling', days },
            now,
          );
          expect([to, until, resetsAt]).toEqual([now, now, undefined]);
          expect(from % QUARTER).toBe(0);
          expect(to - from).toBeGreaterThanOrEqual(days * DAY);
          expect(to - from).toBeLessThan(days * DAY + QUARTER);
        },
      ),
    );
  });

  it('have no window before', () =>
    expect(previousWindow({ type: 'rolling', days: 7 }, 1e9)).toBeUndefined());
});
