import { ensureBinaries } from './ensureBinaries';
import { findExecutable } from './findExecutable';
import { buildGoModule } from './goModule';
import { installSystemPackages } from './systemPackages';

jest.mock('./findExecutable');

const present = (...names: string[]) =>
  jest
    .mocked(findExecutable)
    .mockImplementation(name =>
      names.includes(name) ? `/usr/bin/${name}` : undefined,
    );

describe('a machine that lacks something', () => {
  it('is told which packages to install before anything is built', async () => {
    present('ip', 'sysctl', 'setpriv', 'flock', 'prometheus');
    await expect(ensureBinaries()).rejects.toThrow(
      'not found: etcd, iptables-legacy-restore; install them (Debian: apt-get install etcd-server iptables)',
    );
  });

  it('is told so too where there is no apt-get to do it', async () => {
    present('ip', 'sysctl', 'setpriv', 'flock', 'prometheus', 'etcd');
    await expect(installSystemPackages()).rejects.toThrow(
      /iptables-legacy-restore not found, and no apt-get.*apt-get install iptables/,
    );
  });

  it('is told where to get Go', async () => {
    present();
    await expect(
      buildGoModule(
        {
          module: 'istio.io/istio',
          version: 'v1',
          commands: [],
          files: [],
        },
        '/nowhere',
        () => undefined,
      ),
    ).rejects.toThrow(/go not found: .*https:\/\/go\.dev\/dl/);
  });
});
