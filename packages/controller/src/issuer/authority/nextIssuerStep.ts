import { AuthoritySettings } from '@isthmus/plugin-gns-common';
import { IssuerRecord } from '../kept/issuerRecord';
import { digestOfSettings } from '../kept/LoadedAuthority';
import { renewalTime } from './issuerLife';

/** What a cluster does next for the issuer of one global namespace. */
export type IssuerStep =
  /** Write the settings, so that the replicas apply them. */
  | { do: 'keep-settings'; settings: AuthoritySettings }
  /** Keep a fresh key before its certificate is asked for. */
  | { do: 'keep-key' }
  /** Ask the hub for the certificate of this key. */
  | { do: 'ask'; key: string; why: 'first' | 'renewal' | 'root' | 'broken' }
  /** Nobody shall be issued anything: stop, and remember since when. */
  | { do: 'end' }
  /** It ended long enough ago: remove key and all. */
  | { do: 'remove' }
  /** Nothing until then, milliseconds since the epoch. */
  | { do: 'wait'; until: number };

/**
 * How long a key outlives the wish for it: a hub that leaves a global namespace
 * out by mistake, and takes it back, costs nobody a certificate.
 */
export const END_GRACE = 3_600_000;

/** How long before the next look when nothing is known to come. */
const LOOK_AGAIN = 3_600_000;

/** Decides one step, from what is kept and what is wanted. Pure. */
export function nextIssuerStep(input: {
  record: IssuerRecord | undefined;
  /** Undefined: the verified desired state does not name this global namespace. */
  settings: AuthoritySettings | undefined;
  /** Whether the kept issuer fits its settings (see loadIssuer). */
  usable: boolean;
  paused: boolean;
  now: number;
}): IssuerStep {
  const { record, settings, paused, now } = input;
  if (!settings) return endingStep(record, now);
  // Paused means that nothing changes; what is there goes on living.
  if (!record) {
    return paused
      ? { do: 'wait', until: now + LOOK_AGAIN }
      : { do: 'keep-settings', settings };
  }
  const kept = paused ? record.settings : settings;
  if (
    record.endedAt !== undefined ||
    digestOfSettings(record.settings) !== digestOfSettings(kept)
  ) {
    return { do: 'keep-settings', settings: kept };
  }
  const why = reasonToAsk(input, record);
  if (!why) {
    return {
      do: 'wait',
      until: Math.min(renewalTime(lifeOfRecord(record)!), now + LOOK_AGAIN),
    };
  }
  if (!record.next) return { do: 'keep-key' };
  return { do: 'ask', key: record.next.key, why };
}

function endingStep(record: IssuerRecord | undefined, now: number): IssuerStep {
  if (!record) return { do: 'wait', until: now + LOOK_AGAIN };
  if (record.endedAt === undefined) return { do: 'end' };
  const until = Date.parse(record.endedAt) + END_GRACE;
  return now >= until ? { do: 'remove' } : { do: 'wait', until };
}

function reasonToAsk(
  input: { usable: boolean; now: number },
  record: IssuerRecord,
): 'first' | 'renewal' | 'root' | 'broken' | undefined {
  const life = lifeOfRecord(record);
  if (!record.issuer || !life) return 'first';
  if (record.issuer.rootKeyId !== record.settings.issuer.rootKeyId) {
    return 'root';
  }
  if (!input.usable) return 'broken';
  return input.now >= renewalTime(life) ? 'renewal' : undefined;
}

/** Life of the issuer of a record, if it has one. */
export function lifeOfRecord(record: IssuerRecord) {
  const { issuer } = record;
  return (
    issuer && {
      keyId: issuer.keyId,
      notBefore: Date.parse(issuer.notBefore),
      notAfter: Date.parse(issuer.notAfter),
    }
  );
}
