import { createHash } from 'node:crypto';

/** Life of an issuer, milliseconds. */
export interface IssuerLife {
  keyId: string;
  notBefore: number;
  notAfter: number;
}

/** Share of its life after which an issuer is renewed, ± JITTER. */
const RENEW_AT = 0.5;
const JITTER = 0.1;

/**
 * When an issuer is renewed: at half of its life, give or take a tenth, so
 * that the clusters of one roll-out do not come together. The same for the
 * same issuer, whatever restarts in between.
 */
export function renewalTime(issuer: IssuerLife): number {
  const { keyId, notBefore, notAfter } = issuer;
  const drawn = createHash('sha256').update(keyId).digest().readUInt32BE();
  const share = RENEW_AT + JITTER * (2 * (drawn / 2 ** 32) - 1);
  return notBefore + share * (notAfter - notBefore);
}

/**
 * How an issuer's life stands: `warning` when half of the time is gone that was
 * left at its renewal, `critical` when a leaf of full length no longer fits in, `expired` after it.
 */
export function lifeOf(
  issuer: IssuerLife,
  leafTtl: number,
  now: number,
): 'good' | 'due' | 'warning' | 'critical' | 'expired' {
  const renewal = renewalTime(issuer);
  const { notAfter } = issuer;
  if (now >= notAfter) return 'expired';
  if (now < renewal) return 'good';
  const halfGone = now >= renewal + (notAfter - renewal) / 2;
  if (halfGone && notAfter - now < leafTtl) return 'critical';
  return halfGone ? 'warning' : 'due';
}
