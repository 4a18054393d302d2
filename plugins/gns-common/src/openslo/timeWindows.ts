import type { SloWindow } from '../kinds/ServiceLevelObjective';
import { MAX_ROLLING_DAYS } from '../kinds/ServiceLevelObjective';
import type { OpenSloTimeWindow } from './schemas';

/** A Monday, the first of a month, of a quarter and of a year at once. */
const START = '2024-01-01 00:00:00';
const PERIODS = { week: '1w', month: '1M', quarter: '1Q', year: '1Y' } as const;

export function toTimeWindow(window: SloWindow): OpenSloTimeWindow {
  return window.type === 'rolling'
    ? { duration: `${window.days}d`, isRolling: true }
    : {
        duration: PERIODS[window.period],
        isRolling: false,
        calendar: { startTime: START, timeZone: window.timeZone },
      };
}

const DAYS: Record<string, number> = { d: 1, w: 7, M: 30, Q: 90, Y: 365 };

/** A window, and what of the given one it is not. Undefined: there is none like it. */
export function fromTimeWindow(
  given: OpenSloTimeWindow,
): { window: SloWindow; loss?: string } | undefined {
  const match = /^([1-9]\d{0,4})([mhdwMQY])$/.exec(given.duration);
  if (!match) return undefined;
  const [, count, unit] = match;
  return given.calendar && given.isRolling !== true
    ? calendarOf(Number(count), unit, given.calendar)
    : rollingOf(Number(count), unit);
}

function rollingOf(count: number, unit: string) {
  const days = unit === 'h' ? count / 24 : count * (DAYS[unit] ?? 0);
  if (!Number.isInteger(days) || days < 1 || days > MAX_ROLLING_DAYS) {
    return undefined;
  }
  return {
    window: { type: 'rolling' as const, days },
    ...('MQY'.includes(unit)
      ? { loss: `A rolling window has days: ${count}${unit} became ${days}.` }
      : {}),
  };
}

function calendarOf(
  count: number,
  unit: string,
  calendar: { startTime: string; timeZone: string },
) {
  const period = Object.entries(PERIODS).find(
    ([, duration]) => duration === `${count}${unit}`,
  )?.[0] as keyof typeof PERIODS | undefined;
  if (!period) return undefined;
  return {
    window: {
      type: 'calendar' as const,
      period,
      timeZone: calendar.timeZone,
    },
    ...(startsWith(period, calendar.startTime)
      ? {}
      : {
          loss: `A ${period} begins where the calendar has it (weeks on Monday), not at ${calendar.startTime}.`,
        }),
  };
}

/** Whether a period begins at this local time. */
function startsWith(period: keyof typeof PERIODS, startTime: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})[ T]00:00(?::00)?/.exec(
    startTime.trim(),
  );
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number);
  switch (period) {
    case 'week':
      return new Date(Date.UTC(year, month - 1, day)).getUTCDay() === 1;
    case 'month':
      return day === 1;
    case 'quarter':
      return day === 1 && month % 3 === 1;
    default:
      return day === 1 && month === 1;
  }
}
