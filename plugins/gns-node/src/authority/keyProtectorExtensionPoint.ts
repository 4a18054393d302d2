import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { KeyProtector } from './KeyProtector';

/** Lets a module of the `gns` plugin protect the keys of the authorities. */
export interface KeyProtectorExtensionPoint {
  /**
   * Uses this protector for new keys. The keys of `gns.authority.keys` go on
   * opening what they sealed, until it is sealed anew.
   * @throws Error when one was set already
   */
  setKeyProtector(protector: KeyProtector): void;
}

/** @see KeyProtectorExtensionPoint */
export const gnsKeyProtectorExtensionPoint =
  createExtensionPoint<KeyProtectorExtensionPoint>({ id: 'gns.key-protector' });
