import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * The east-west gateway as far as a probe sees it: a TCP port that accepts.
 * What is sent to it is not answered.
 */
export class GatewayListener {
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      // A prober that resets its connection is none of our errors.
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.destroy());
    });
  }

  /** @param port - 0: any free one */
  static async listen(port: number): Promise<GatewayListener> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new GatewayListener(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop() {
    const closed = new Promise<void>(resolve => {
      this.server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
