import type { LoggerService } from '@backstage/backend-plugin-api';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readiness } from './readiness';

/** Between two looks, milliseconds. */
const INTERVAL_MS = 2_000;

/** How waiting is timed; tests bring their own. */
export interface Timing {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realTiming: Timing = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

/**
 * Looks until it is ready, telling each change of what is waited for. A look
 * that fails is a reason to wait, not to give up.
 *
 * @throws Error at the time-out, with what was waited for last
 */
export async function waitFor(options: {
  look: () => Promise<Readiness>;
  timeoutMs: number;
  logger: Pick<LoggerService, 'info' | 'warn'>;
  timing: Timing;
  signal?: AbortSignal;
}): Promise<Readiness> {
  const { timing, logger, signal } = options;
  const deadline = timing.now() + options.timeoutMs;
  let told: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const state = await look(options.look);
    if (state.message !== told) {
      logger.info(state.message);
      told = state.message;
    }
    if (state.ready) return state;
    if (timing.now() >= deadline) {
      throw new Error(
        `Not ready after ${Math.round(options.timeoutMs / 60_000)} minutes. ${
          state.message
        } What is applied stays; run the template again to go on waiting.`,
      );
    }
    await timing.sleep(INTERVAL_MS, signal);
  }
}

async function look(read: () => Promise<Readiness>): Promise<Readiness> {
  try {
    return await read();
  } catch (error) {
    return {
      ready: false,
      message: `The hub does not answer: ${
        error instanceof Error ? error.message : String(error)
      }`,
    };
  }
}
