import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { InputError } from '@backstage/errors';
import { messageOf } from '../logging';

export interface StatusServerOptions {
  /** `host:port`; port 0 takes a free one. */
  listen: string;
  /** Whether the process should go on living. */
  healthy(): boolean;
  /** Why it is not ready; undefined: it is. */
  notReady(): string | undefined;
  /** Prometheus text. */
  metrics(): Promise<string>;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export class StatusServer {
  readonly #server: Server;

  /** Listens when it resolves. Throws InputError for an address that is none. */
  static async start(options: StatusServerOptions): Promise<StatusServer> {
    const match = /^(.*):(\d{1,5})$/.exec(options.listen);
    if (!match) {
      throw new InputError(
        `"${options.listen}" is not host:port; give for example 0.0.0.0:15014`,
      );
    }
    const host = match[1].replace(/^\[|\]$/g, '') || '0.0.0.0';
    const status = new StatusServer(options);
    await new Promise<void>((resolve, reject) => {
      status.#server.once('error', reject);
      status.#server.listen(Number(match[2]), host, resolve);
    });
    return status;
  }

  private constructor(options: StatusServerOptions) {
    this.#server = createServer((request, response) => {
      const send = (code: number, text: string, type = 'text/plain') => {
        response.writeHead(code, { 'content-type': `${type}; charset=utf-8` });
        response.end(text);
      };
      const path = request.url?.split('?')[0];
      if (request.method !== 'GET') send(405, 'only GET\n');
      else if (path === '/healthz') {
        if (options.healthy()) send(200, 'ok\n');
        else send(503, 'not healthy\n');
      } else if (path === '/readyz') {
        const reason = options.notReady();
        send(reason ? 503 : 200, `${reason ?? 'ok'}\n`);
      } else if (path === '/metrics') {
        options.metrics().then(
          text => send(200, text, 'text/plain; version=0.0.4'),
          error => send(500, `${messageOf(error)}\n`),
        );
      } else send(404, 'try /healthz, /readyz or /metrics\n');
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
