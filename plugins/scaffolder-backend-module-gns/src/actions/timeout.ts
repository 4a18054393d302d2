import type { z } from 'zod/v3';

const DEFAULT_MINUTES = 15;

/** The input of actions that wait. The scaffolder fills in no defaults. */
export const timeoutMinutesSchema = (zImpl: typeof z) =>
  zImpl
    .number()
    .min(0)
    .max(24 * 60)
    .optional()
    .describe(`How long to wait, in minutes; default ${DEFAULT_MINUTES}`);

export function timeoutMsOf(input: { timeoutMinutes?: number }): number {
  return (input.timeoutMinutes ?? DEFAULT_MINUTES) * 60_000;
}
