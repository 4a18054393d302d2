/*
 * The way from the host into a network namespace. It listens on a unix socket, which namespaces do not separate;
 * a client writes "<host> <port>\n" and is then joined with that address, as seen from inside.
 */
import net from 'node:net';

const [socketPath] = process.argv.slice(2);

function join(client: net.Socket, host: string, port: number, rest: Buffer) {
  const upstream = net.connect({ host, port, allowHalfOpen: true });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  if (rest.length > 0) upstream.write(rest);
  client.pipe(upstream);
  upstream.pipe(client);
}

net
  .createServer({ allowHalfOpen: true }, client => {
    let head = Buffer.alloc(0);
    client.on('error', () => client.destroy());
    const read = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\n');
      if (end < 0) return;
      client.off('data', read);
      client.pause();
      const [host, port] = head.subarray(0, end).toString('utf8').split(' ');
      join(client, host, Number(port), head.subarray(end + 1));
    };
    client.on('data', read);
  })
  .listen(socketPath);
