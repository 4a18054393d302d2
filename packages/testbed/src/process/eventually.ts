import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often to look. */
export interface EventuallyOptions {
  /** What is awaited, for the error: "istiod of east is ready". */
  what: string;
  /** Milliseconds until it counts as failed; 60,000 by default. */
  timeoutMs?: number;
  /** Milliseconds between two looks; 100 by default. */
  intervalMs?: number;
}

/**
 * Looks until `look` neither throws nor answers undefined or false.
 *
 * @returns what `look` answered at last
 * @throws Error that names what was awaited and the last failure
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: EventuallyOptions,
): Promise<T> {
  const { what, timeoutMs = 60_000, intervalMs = 100 } = options;
  const end = Date.now() + timeoutMs;
  let last: unknown = 'the condition stayed false';
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`not seen within ${timeoutMs} ms: ${what}: ${last}`, {
        cause: last,
      });
    }
    await delay(intervalMs);
  }
}
