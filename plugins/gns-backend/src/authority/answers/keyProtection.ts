import type { KeyProtection } from '@isthmus/plugin-gns-common';
import type { KeyVault } from '../keys/KeyVault';
import type { RewrapProgress } from '../RootKeeper';
import type { Authority } from '../store/authorityRows';

/** The REST shape of what protects all keys. */
export async function keyProtectionOf(
  vault: KeyVault,
  authorities: readonly Authority[],
  rewrap: RewrapProgress,
): Promise<KeyProtection> {
  const status = await vault.status();
  const keys = new Map<string, KeyProtection['keys'][number]>();
  const current = status.usable ? status.keyId : undefined;
  for (const { protector, keyIds } of await vault.presentKeys()) {
    for (const keyId of keyIds) {
      keys.set(`${protector}/${keyId}`, {
        protector,
        keyId,
        current: protector === status.protector && keyId === current,
        present: true,
        rows: 0,
        removable: false,
      });
    }
  }
  for (const { sealed } of authorities.flatMap(a => a.roots)) {
    if (!sealed) continue;
    const name = `${sealed.protector}/${sealed.keyId}`;
    const known = keys.get(name) ?? {
      protector: sealed.protector,
      keyId: sealed.keyId,
      current: false,
      present: false,
      rows: 0,
      removable: false,
    };
    keys.set(name, { ...known, rows: known.rows + 1 });
  }
  const { state, total, done, failed, message } = rewrap;
  return {
    availability: status.usable
      ? { state: 'signing' }
      : {
          state: 'unavailable',
          reason: status.reason,
          message: status.message,
        },
    protector: status.protector,
    ...(current === undefined ? {} : { keyId: current }),
    development: status.usable
      ? status.development
      : status.reason === 'DevelopmentKey',
    keys: [...keys.values()].map(key => ({
      ...key,
      removable: key.present && !key.current && key.rows === 0,
    })),
    rewrap: {
      state,
      total,
      done,
      failed,
      ...(message === undefined ? {} : { message }),
    },
  };
}
