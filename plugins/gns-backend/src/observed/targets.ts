import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { InputError } from '@backstage/errors';

/**
 * Where no cluster is: addresses that answer with credentials of the machine
 * that we run on (metadata services), or that mean no single host.
 */
const forbidden = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.192', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
] as const) {
  forbidden.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 128],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  ['ff00::', 8],
] as const) {
  forbidden.addSubnet(network, prefix, 'ipv6');
}

export function isForbiddenAddress(address: string): boolean {
  return forbidden.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Reads an address out of app-config.
 * @throws InputError naming the key and what to write
 */
export function readTarget(text: string, key: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new InputError(
      `${key}: it is no address. Write for example https://prometheus.example.com`,
      error,
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new InputError(
      `${key}: ${url.protocol}// is not asked. Write https:// or http://`,
    );
  }
  if (url.username || url.password) {
    throw new InputError(
      `${key}: user and password do not belong into an address, where logs would show them. Write them below authentication`,
    );
  }
  if (url.search || url.hash) {
    throw new InputError(
      `${key}: it may have a path, but no "?" and no "#". Leave them out`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && isForbiddenAddress(host)) {
    throw new InputError(
      `${key}: ${host} belongs to this machine or its cloud, not to a cluster. Write the address of the cluster's own service`,
    );
  }
  return url;
}

/**
 * Looks up what a name stands for now, before each connection is made anew.
 * @throws InputError when one of its addresses is forbidden
 */
export async function checkResolved(url: URL, key: string): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host)
    ? [{ address: host }]
    : await lookup(host, { all: true });
  for (const { address } of found) {
    if (isForbiddenAddress(address)) {
      throw new InputError(
        `${key}: ${host} stands for ${address}, which belongs to this machine or its cloud, not to a cluster`,
      );
    }
  }
}
