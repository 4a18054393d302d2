import http from 'node:http';
import net from 'node:net';
import { Daemon } from '../process/Daemon';
import { eventually } from '../process/eventually';
import { scriptCommand } from '../process/scripts';

/** A loopback port of the host that leads to an address inside the testbed. */
export interface Forwarding {
  /** 127.0.0.1 port on the host. */
  port: number;
  close(): Promise<void>;
}

/** Connections from the host into the control-plane namespace of a testbed. */
export class Tunnel {
  static async open(options: {
    namespace: string;
    socketPath: string;
    logFile: string;
  }): Promise<Tunnel> {
    const [command, ...args] = scriptCommand('network/relay.mts');
    const relay = new Daemon({
      name: 'relay',
      command,
      args: [...args, options.socketPath],
      namespace: options.namespace,
      logFile: options.logFile,
    }).start();
    const tunnel = new Tunnel(options.socketPath);
    await eventually(
      async () => {
        await relay.assertRunning();
        return tunnel.#answers();
      },
      { what: 'the relay listens', intervalMs: 20 },
    );
    return tunnel;
  }

  readonly #forwardings = new Set<Forwarding>();

  private constructor(private readonly socketPath: string) {}

  #answers(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const probe = net.connect(this.socketPath, () => {
        probe.destroy();
        resolve(true);
      });
      probe.on('error', reject);
    });
  }

  /** Opens a connection to an address inside; errors come as with any socket. */
  connect(host: string, port: number): net.Socket {
    const socket = net.connect({
      path: this.socketPath,
      allowHalfOpen: false,
    });
    socket.write(`${host} ${port}\n`);
    return socket;
  }

  /** Listens on a loopback port of the host and joins every connection with `host:port` inside. */
  async forward(host: string, port: number): Promise<Forwarding> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer(client => {
      const inside = this.connect(host, port);
      for (const [one, other] of [
        [client, inside],
        [inside, client],
      ]) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    server.unref();
    const forwarding: Forwarding = {
      port: (server.address() as net.AddressInfo).port,
      close: async () => {
        this.#forwardings.delete(forwarding);
        const closed = new Promise(done => server.close(done));
        for (const socket of sockets) socket.destroy();
        await closed;
      },
    };
    this.#forwardings.add(forwarding);
    return forwarding;
  }

  /** A plain HTTP GET of an address inside. @throws the socket's error, or a timeout after 5 s */
  get(url: string): Promise<{ status: number; body: string }> {
    const { hostname, port, pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
      const request = http.get(
        {
          path: `${pathname}${search}`,
          headers: { host: `${hostname}:${port || 80}` },
          createConnection: () => this.connect(hostname, Number(port || 80)),
          timeout: 5_000,
        },
        response => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', text => {
            body += text;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode!, body }),
          );
          response.on('error', reject);
        },
      );
      request.on('timeout', () =>
        request.destroy(new Error(`GET ${url}: no answer within 5 s`)),
      );
      request.on('error', reject);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#forwardings].map(one => one.close()));
  }
}
