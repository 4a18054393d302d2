import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually, type Testbed } from '../../src';

const PORT = 7008;

/** How the hub's answers are spoiled; see `tamperingProxy.mts`. */
export type Tampering =
  | 'none'
  | 'empty'
  | 'cut'
  | 'replay'
  | 'strip'
  | 'nothing';

/** A proxy between controllers and hub that spoils what the hub says. */
export class TamperingProxy {
  static async start(
    testbed: Testbed,
    hubUrl: string,
  ): Promise<TamperingProxy> {
    const address = await testbed.addAddress();
    const proxy = new TamperingProxy(
      `http://${address}:${PORT}`,
      join(testbed.dir, 'tampering'),
    );
    proxy.set('none');
    testbed.runInControlPlane({
      name: 'tampering-proxy',
      command: process.execPath,
      args: [
        join(__dirname, 'tamperingProxy.mts'),
        address,
        String(PORT),
        hubUrl,
        proxy.modeFile,
      ],
    });
    const { port } = await testbed.forward(address, PORT);
    await eventually(
      () =>
        new Promise<boolean>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(true);
          });
          socket.on('error', reject);
        }),
      { what: 'the tampering proxy listens' },
    );
    return proxy;
  }

  private constructor(
    readonly url: string,
    private readonly modeFile: string,
  ) {}

  set(tampering: Tampering): void {
    writeFileSync(this.modeFile, tampering);
  }
}
