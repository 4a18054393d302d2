import type { Condition } from '@isthmus/plugin-gns-common';
import { thresholdsOf } from '../rotation/decideRotation';
import type { Availability } from '../RootKeeper';
import { rootIn, type Authority } from '../store/authorityRows';

/** An issuer as a cluster said that it holds it. */
export interface HeldIssuer {
  readonly cluster: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly rootKeyId: string;
}

const HOUR = 3600_000;

function until(ms: number): string {
  return ms >= 48 * HOUR
    ? `${Math.floor(ms / 24 / HOUR)} days`
    : `${Math.max(0, Math.round(ms / HOUR))} hours`;
}

/** What should be known of an authority: whether it signs, and what ends. Pure. */
export function authorityConditions(input: {
  gns: string;
  /** Undefined: there is none yet. */
  authority: Authority | undefined;
  availability: Availability | undefined;
  issuers: readonly HeldIssuer[];
  /** Milliseconds. */
  now: number;
}): Condition[] {
  const { gns, authority, availability, now } = input;
  const conditions: Condition[] = [];
  if (availability) {
    const signs = availability.state === 'signing';
    conditions.push({
      type: 'AuthorityReady',
      status: signs ? 'True' : 'False',
      severity: 'error',
      reason: signs ? 'Signing' : availability.reason,
      message: signs
        ? 'The authority signs.'
        : `${availability.message} What was signed stays valid.`,
      gns,
    });
  }
  const active = authority && rootIn(authority.roots, 'active');
  if (authority && active) {
    const left = Date.parse(active.notAfter) - now;
    const { prepareBefore, activateBefore } = thresholdsOf(active);
    if (left <= prepareBefore) {
      conditions.push({
        type: 'RootLife',
        status: 'False',
        severity: left <= activateBefore ? 'error' : 'warning',
        reason: left <= 0 ? 'Expired' : 'NearsItsEnd',
        message: `The root ${active.keyId.slice(
          0,
          8,
        )} of ${gns} ends in ${until(left)}. ${
          authority.rotationPaused
            ? 'The rotation is paused: resume it.'
            : 'The rotation is under way; its page tells what it waits for.'
        }`,
        gns,
      });
    }
  }
  for (const issuer of input.issuers) {
    const end = Date.parse(issuer.notAfter);
    const life = end - Date.parse(issuer.notBefore);
    // It is renewed at half of its life: later than that, something hinders it.
    if (now < end - life / 2 + life / 10) continue;
    conditions.push({
      type: 'IssuerLife',
      status: 'False',
      severity: now >= end - life / 4 ? 'error' : 'warning',
      reason: now >= end ? 'Expired' : 'NotRenewed',
      message: `The issuer of ${
        issuer.cluster
      } was not renewed and ends in ${until(
        end - now,
      )}; then its pods get no certificates. Look at its controller and its way to the hub.`,
      gns,
      cluster: issuer.cluster,
    });
  }
  return conditions;
}
