import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

function isPortTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

/** Takes the port of the last run, or a free one if it is gone by now. */
export async function onPort<T>(
  port: number,
  start: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (port === 0 || !isPortTaken(error)) throw error;
    return start(0);
  }
}

/** The port of the last run where it is free, else another one; somebody else will listen there. */
export function freePort(port: number): Promise<number> {
  return onPort(
    port,
    wanted =>
      new Promise((resolve, reject) => {
        const server = createServer();
        server.once('error', reject);
        server.listen(wanted, '127.0.0.1', () => {
          const taken = (server.address() as AddressInfo).port;
          server.close(() => resolve(taken));
        });
      }),
  );
}
