/** Polls until `probe` gives something truthy; fails with what it saw last. */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  options: { within?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const until = Date.now() + (options.within ?? 10_000);
  for (;;) {
    const seen = await probe();
    if (seen) return seen as NonNullable<T>;
    if (Date.now() > until) {
      throw new Error(
        `${options.what ?? 'it'} did not come true; last seen: ${JSON.stringify(
          seen,
        )}`,
      );
    }
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
  }
}

/** Fails when `probe` changes its answer within `for` milliseconds. */
export async function stays<T>(
  probe: () => T,
  options: { for: number },
): Promise<void> {
  const before = JSON.stringify(probe());
  const until = Date.now() + options.for;
  while (Date.now() < until) {
    const now = JSON.stringify(probe());
    if (now !== before) throw new Error(`changed from ${before} to ${now}`);
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
  }
}
