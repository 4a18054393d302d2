import { z } from 'zod';

/**
 * The number of a cluster's desired state. `n` grows with every change;
 * `term` grows when a person confirms that a restored hub may go on, so that
 * every epoch of the new term is higher than all that came before.
 */
export const epochSchema = z.strictObject({
  term: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  n: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
});
export type Epoch = z.infer<typeof epochSchema>;

export const ZERO_EPOCH: Epoch = { term: 0, n: 0 };

/** Negative when `a` is older, 0 when equal, positive when newer. */
export function compareEpochs(a: Epoch, b: Epoch): number {
  return a.term - b.term || a.n - b.n;
}

/** `3.41`, as it stands in URLs, ETags and headers. */
export function formatEpoch(epoch: Epoch): string {
  return `${epoch.term}.${epoch.n}`;
}

/** Reads what {@link formatEpoch} writes; undefined for anything else. */
export function readEpoch(text: string): Epoch | undefined {
  const match = /^(0|[1-9][0-9]{0,15})\.(0|[1-9][0-9]{0,15})$/.exec(text);
  if (!match) return undefined;
  const parsed = epochSchema.safeParse({
    term: Number(match[1]),
    n: Number(match[2]),
  });
  return parsed.success ? parsed.data : undefined;
}
