import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** A TCP relay on loopback that holds each piece of data for half a round trip. */
export class DelayProxy {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  static async start(
    targetPort: number,
    halfRoundTrip: () => number,
  ): Promise<DelayProxy> {
    const proxy = new DelayProxy(targetPort, halfRoundTrip);
    await proxy.#listen();
    return proxy;
  }

  private constructor(
    private readonly targetPort: number,
    /** Milliseconds, asked for each piece. */
    private readonly halfRoundTrip: () => number,
  ) {}

  get port(): number {
    return (this.#server!.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>(resolve => {
      this.#server!.close(() => resolve());
    });
  }

  async #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, near => {
      // The handshake of a real connection takes a round trip before the first byte.
      this.#later(() => {
        const far = connect({ port: this.targetPort, host: '127.0.0.1' });
        far.allowHalfOpen = true;
        this.#relay(near, far);
        this.#relay(far, near);
      }, 2);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  #relay(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', piece => this.#later(() => to.write(piece)));
    from.on('end', () => this.#later(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#later(() => to.destroy());
    });
  }

  #later(act: () => void, times = 1): void {
    const wait = this.halfRoundTrip() * times;
    if (wait > 0) setTimeout(act, wait);
    else act();
  }
}
