import { BlockList, isIP } from 'node:net';

/**
 * Addresses that name no gateway of another cluster, whoever claims them: this
 * host, the local link (cloud metadata among it), nobody, everybody. Private
 * ranges are fine: clusters of one company meet there.
 */
const NOWHERE = new BlockList();
NOWHERE.addSubnet('0.0.0.0', 8, 'ipv4');
NOWHERE.addSubnet('127.0.0.0', 8, 'ipv4');
NOWHERE.addSubnet('169.254.0.0', 16, 'ipv4');
NOWHERE.addSubnet('224.0.0.0', 3, 'ipv4');
NOWHERE.addAddress('::', 'ipv6');
NOWHERE.addAddress('::1', 'ipv6');
NOWHERE.addSubnet('fe80::', 10, 'ipv6');
NOWHERE.addSubnet('ff00::', 8, 'ipv6');

/** Names that mean the caller itself, something in its own cluster, or its cloud's metadata. */
const OWN_NAMES =
  /(^|\.)(localhost|svc|cluster\.local)$|^metadata\.google\.internal$/i;

/** Whether callers of other clusters may be sent to an address that a cluster claims for its gateway. */
export function isDialable(address: string): boolean {
  const version = isIP(address);
  if (version === 0) {
    return address.includes('.') && !OWN_NAMES.test(address);
  }
  // It judges IPv4 addresses that are mapped into IPv6 by what they map to.
  return !NOWHERE.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
