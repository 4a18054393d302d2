import { promises as fs } from 'node:fs';
import { runCommand } from '../process/runCommand';
import { exists } from './cacheFolder';
import { findExecutable } from './findExecutable';

/** Executables that come from the system, with the Debian package of each. */
export const SYSTEM_EXECUTABLES = {
  etcd: 'etcd-server',
  prometheus: 'prometheus',
  'iptables-legacy-restore': 'iptables',
  ip: 'iproute2',
  sysctl: 'procps',
  setpriv: 'util-linux',
  flock: 'util-linux',
} as const;

const POLICY = '/usr/sbin/policy-rc.d';

/** @returns executables that are missing, with their packages */
export function missingExecutables(): { name: string; package: string }[] {
  return Object.entries(SYSTEM_EXECUTABLES)
    .filter(([name]) => !findExecutable(name))
    .map(([name, pkg]) => ({ name, package: pkg }));
}

/**
 * Installs the missing ones of {@link SYSTEM_EXECUTABLES} by apt-get, without starting the services that come with
 * them (etcd and Prometheus are packaged as such). Does nothing when none is missing.
 *
 * @throws Error with the command to run by hand when this is not root or there is no apt-get
 */
export async function installSystemPackages(
  log: (line: string) => void = () => undefined,
): Promise<void> {
  const missing = missingExecutables();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(one => one.package))];
  const remedy = `apt-get install ${packages.join(' ')}`;
  const names = missing.map(one => one.name).join(', ');
  if (!findExecutable('apt-get')) {
    throw new Error(
      `${names} not found, and no apt-get: put them on PATH by other means (Debian: ${remedy})`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`${names} not found: run as root: ${remedy}`);
  }
  log(`installing ${packages.join(', ')}`);
  // invoke-rc.d and deb-systemd-invoke ask this script before they start a service; 101 forbids it.
  const ownPolicy = !(await exists(POLICY));
  if (ownPolicy) {
    await fs.writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  }
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand('apt-get', ['update', '-q'], { env });
    await runCommand(
      'apt-get',
      ['install', '-q', '-y', '--no-install-recommends', ...packages],
      { env },
    );
  } finally {
    if (ownPolicy) await fs.rm(POLICY, { force: true });
  }
  const still = missingExecutables();
  if (still.length > 0) {
    throw new Error(
      `still not found after "${remedy}": ${still
        .map(one => one.name)
        .join(', ')}`,
    );
  }
}
