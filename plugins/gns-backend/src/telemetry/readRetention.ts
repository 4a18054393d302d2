import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import {
  DEFAULT_RETENTION,
  MIN_MINUTES_MS,
  MIN_QUARTERS_MS,
  type Retention,
} from './retention';

const KEYS = [
  ['edgeMinutesMs', 'edges.minutes', MIN_MINUTES_MS],
  ['edgeQuartersMs', 'edges.quarters', MIN_QUARTERS_MS],
  ['incrementMinutesMs', 'increments.minutes', MIN_MINUTES_MS],
  ['incrementQuartersMs', 'increments.quarters', MIN_QUARTERS_MS],
] as const;

/**
 * Reads `gns.telemetry.retention`.
 * @throws InputError naming the key, the value and what is allowed
 */
export function readRetention(gns: Config | undefined): Retention {
  const retention: Record<keyof Retention, number> = { ...DEFAULT_RETENTION };
  const prefix = 'telemetry.retention';
  for (const [field, name, least] of KEYS) {
    const key = `${prefix}.${name}`;
    if (!gns?.has(key)) continue;
    const value = durationToMilliseconds(readDurationFromConfig(gns, { key }));
    if (value < least) {
      throw new InputError(
        `gns.${key}: ${value / 3_600_000} hours are too short. Write at least ${
          least / 3_600_000
        } hours`,
      );
    }
    retention[field] = value;
  }
  if (retention.incrementMinutesMs < retention.edgeMinutesMs) {
    throw new InputError(
      `gns.${prefix}.increments.minutes: it is shorter than edges.minutes. Write at least ${
        retention.edgeMinutesMs / 3_600_000
      } hours`,
    );
  }
  return retention;
}
