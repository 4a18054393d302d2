import { InputError } from '@backstage/errors';
import { edgeMinutesFrom } from '../rollup/dropExpired';
import type { Retention } from '../retention';
import { floorTo, isoOf, MINUTE, QUARTER, toSeconds } from '../time';
import type { Stretch } from './window';

/** Windows from this on are made of quarters of an hour. */
const LONG_SECONDS = 6 * 3600;

/**
 * The window that is asked for. Of the present it ends where every cluster that keeps up has
 * delivered; long ones, and those of more than the minutes' retention ago, are whole quarters of an hour.
 * @param settled - end of what is settled, Unix seconds
 * @throws InputError when `at` is no time that is kept
 */
export function windowOf(
  request: { at: string | undefined; seconds: number },
  context: { settled: number; now: number; retention: Retention },
): Stretch & { live: boolean } {
  const { settled, retention } = context;
  const now = toSeconds(context.now);
  const at = request.at === undefined ? settled : Date.parse(request.at) / 1000;
  const oldest = toSeconds(context.now - retention.edgeQuartersMs);
  if (!(at > oldest) || at > now + MINUTE) {
    throw new InputError(
      `query.at: ${
        request.at
      } is not within what is kept. Write a time from ${isoOf(
        oldest,
      )} to ${isoOf(now)}`,
    );
  }
  const end = Math.min(at, settled);
  const byMinutes =
    request.seconds < LONG_SECONDS &&
    end - request.seconds >= edgeMinutesFrom(context.now, retention);
  const to = floorTo(end, byMinutes ? MINUTE : QUARTER);
  const seconds = byMinutes
    ? request.seconds
    : Math.max(QUARTER, floorTo(request.seconds, QUARTER));
  return { from: to - seconds, to, live: at >= settled };
}
