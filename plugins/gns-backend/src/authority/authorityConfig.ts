import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

const DAY = 24 * 3600_000;

/** Settings below `gns.authority`. */
export interface AuthorityConfig {
  /** Key-encryption keys, base64: the first seals, all open. */
  readonly keys: readonly string[];
  /** Milliseconds. */
  readonly rootLifeMs: number;
  readonly issuerLifeMs: number;
  /** From the deletion of a global namespace until its keys are destroyed. */
  readonly keepDeletedMs: number;
}

/**
 * What a root and an issuer may live, and what is left of a deleted authority, milliseconds: shorter leaves no time to
 * rotate (to change one's mind), longer none to live to see it.
 */
const LIMITS = {
  rootLife: { least: 60_000, most: 30 * 365 * DAY, fallback: 10 * 365 * DAY },
  issuerLife: { least: 30_000, most: 90 * DAY, fallback: 7 * DAY },
  keepDeleted: { least: 3600_000, most: 30 * 365 * DAY, fallback: 30 * DAY },
} as const;

function lifeOf(config: Config | undefined, name: keyof typeof LIMITS): number {
  const { least, most, fallback } = LIMITS[name];
  if (!config?.has(name)) return fallback;
  const life = durationToMilliseconds(
    readDurationFromConfig(config, { key: name }),
  );
  if (life >= least && life <= most) return life;
  throw new InputError(
    `gns.authority.${name}: ${
      life / 1000
    } s is out of range. Write a time from ${least / 1000} s to ${
      most / DAY
    } days`,
  );
}

/** @param root - the whole config @throws InputError naming the key and what is allowed, never a secret */
export function readAuthorityConfig(root: Config): AuthorityConfig {
  const config = root.getOptionalConfig('gns.authority');
  const rootLifeMs = lifeOf(config, 'rootLife');
  const issuerLifeMs = lifeOf(config, 'issuerLife');
  if (issuerLifeMs * 2 > rootLifeMs) {
    throw new InputError(
      'gns.authority.issuerLife: more than half of gns.authority.rootLife, so that no issuer could end before its root. Make it shorter',
    );
  }
  return {
    keys: (config?.getOptionalConfigArray('keys') ?? []).map(
      key => key.getOptionalString('secret') ?? '',
    ),
    rootLifeMs,
    issuerLifeMs,
    keepDeletedMs: lifeOf(config, 'keepDeleted'),
  };
}
