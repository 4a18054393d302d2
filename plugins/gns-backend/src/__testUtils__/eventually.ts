import { setTimeout as sleep } from 'node:timers/promises';

/** Tries until `check` no longer throws, for at most `ms`; then throws what it threw last. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  ms = 10_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await sleep(20);
    }
  }
}
