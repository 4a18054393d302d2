import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HttpPrometheus } from './HttpPrometheus';
import type { PrometheusConnection } from './Prometheus';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const NOW = { from: 1_800_000_000, to: 1_800_000_000, step: 60 };
const GOOD = JSON.stringify({
  status: 'success',
  data: {
    resultType: 'vector',
    result: [{ metric: { a: 'b' }, value: [NOW.from, '1.5'] }],
  },
});

/** A Prometheus that answers as `handler` says. */
async function withServer<T>(
  handler: Handler,
  use: (prometheus: HttpPrometheus, seen: IncomingMessage[]) => Promise<T>,
  connection: Partial<PrometheusConnection> = {},
): Promise<T> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    handler(request, response);
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  const prometheus = HttpPrometheus.create({
    url: `http://127.0.0.1:${port}/prom/`,
    timeoutMs: 5_000,
    ...connection,
  });
  try {
    return await use(prometheus, seen);
  } finally {
    await prometheus.close();
    server.closeAllConnections();
    await new Promise(done => {
      server.close(done);
    });
  }
}

/** Why a query has no answer. */
function reasonOf(
  handler: Handler,
  connection?: Partial<PrometheusConnection>,
) {
  return withServer(
    handler,
    prometheus =>
      prometheus.query('up', NOW).then(
        () => 'an answer',
        error => `${error.reason}: ${error.message}`,
      ),
    connection,
  );
}

const answer =
  (
    status: number,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Handler =>
  (_request, response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      ...headers,
    });
    response.end(body);
  };

describe('HttpPrometheus', () => {
  it('posts the query under the prefix, with credentials and headers', async () => {
    let body = '';
    await withServer(
      (request, response) => {
        request.on('data', chunk => {
          body += chunk;
        });
        request.on('end', () => response.end(GOOD));
      },
      async (prometheus, [..._none]) => {
        const { series, serverTime } = await prometheus.query('up == 1', NOW);
        expect(series).toEqual([
          { labels: { a: 'b' }, times: [NOW.from], values: [1.5] },
        ]);
        expect(Math.abs(serverTime! - Date.now())).toBeLessThan(60_000);
        await prometheus
          .query('up', { from: 60, to: 180, step: 60 })
          .catch(() => {});
      },
      {
        authentication: { type: 'bearer', token: async () => 'a-token' },
        headers: { 'X-Scope-OrgID': 'eu' },
      },
    );
    expect(body).toContain('query=up+%3D%3D+1&timeout=5s&time=1800000000');
    expect(body).toContain('start=60&end=180&step=60');
  });

  it('asks as the connection says', async () => {
    const seen = await withServer(
      answer(200, GOOD),
      async (prometheus, requests) => {
        await prometheus.query('up', NOW);
        return requests[0];
      },
      {
        authentication: { type: 'basic', username: 'ü', password: 'p:w' },
        headers: { 'X-Scope-OrgID': 'eu' },
      },
    );
    expect(seen.method).toBe('POST');
    expect(seen.url).toBe('/prom/api/v1/query');
    expect(seen.headers['x-scope-orgid']).toBe('eu');
    expect(seen.headers.authorization).toBe(
      `Basic ${Buffer.from('ü:p:w').toString('base64')}`,
    );
  });

  it('reads compressed answers', async () => {
    const series = await withServer(
      answer(200, gzipSync(GOOD), { 'content-encoding': 'gzip' }),
      async prometheus => (await prometheus.query('up', NOW)).series,
    );
    expect(series).toHaveLength(1);
  });

  it.each<[string, Handler, RegExp]>([
    ['401', answer(401, 'no'), /^unauthorized: .*401.*check the token/],
    ['403', answer(403, '<html>'), /^unauthorized: /],
    [
      '422 with a reason',
      answer(
        422,
        '{"status":"error","errorType":"execution","error":"too many samples"}',
      ),
      /^error: .*422: too many samples/,
    ],
    [
      '503 that timed out',
      answer(
        503,
        '{"status":"error","errorType":"timeout","error":"query timed out"}',
      ),
      /^timeout: .*query timed out/,
    ],
    ['500', answer(500, 'boom'), /^error: .*500: boom/],
    [
      '502 of a proxy',
      answer(502, '<html>Bad Gateway</html>'),
      /^error: .*502: a page of HTML/,
    ],
    ['504', answer(504, ''), /^timeout: /],
    [
      'a redirect',
      answer(302, '', { location: 'http://evil.example/' }),
      /^error: .*points elsewhere/,
    ],
    [
      'HTML',
      answer(200, '<!doctype html><p>sign in'),
      /^error: The answer is HTML/,
    ],
    ['cut JSON', answer(200, GOOD.slice(0, 40)), /^error: .*cut off/],
    [
      'an encoding of its own',
      answer(200, GOOD, { 'content-encoding': 'br' }),
      /^error: .*encoded as br/,
    ],
    [
      'broken gzip',
      answer(200, gzipSync(GOOD).subarray(0, 30), {
        'content-encoding': 'gzip',
      }),
      /^error: .*cannot be unpacked/,
    ],
    [
      'no gzip at all',
      answer(200, GOOD, { 'content-encoding': 'gzip' }),
      /^error: .*cannot be unpacked/,
    ],
    [
      'an error with status 200',
      answer(200, '{"status":"error","errorType":"bad_data","error":"x"}'),
      /^error: .*refused the query \(bad_data\)/,
    ],
    [
      'warnings',
      answer(
        200,
        JSON.stringify({
          ...JSON.parse(GOOD),
          warnings: ['store eu-2 is gone'],
        }),
      ),
      /^partial: .*store eu-2 is gone/,
    ],
    ['a connection that ends', request => request.destroy(), /^unreachable: /],
    [
      'a body that ends early',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write(GOOD.slice(0, 50));
        setTimeout(() => response.destroy(), 20);
      },
      /^(error|unreachable): /,
    ],
  ])('does not believe %s', async (_what, handler, expected) => {
    expect(await reasonOf(handler)).toMatch(expected);
  });

  it('stops reading a gzip bomb at its limit', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(
      await reasonOf(answer(200, bomb, { 'content-encoding': 'gzip' }), {
        maxBytes: 1024 * 1024,
      }),
    ).toMatch(/^error: The answer is larger than 1048576 bytes/);
  }, 20_000);

  it('gives up on one byte a second', async () => {
    const timers: NodeJS.Timeout[] = [];
    const reason = await reasonOf(
      (_request, response) => {
        response.writeHead(200);
        let i = 0;
        timers.push(
          setInterval(() => {
            response.write(GOOD[i]);
            i = (i + 1) % GOOD.length;
          }, 50),
        );
      },
      { timeoutMs: 400 },
    );
    timers.forEach(clearInterval);
    expect(reason).toMatch(/^timeout: .*no complete answer within 0.4 s/);
  }, 20_000);

  it('tells an address where nothing listens from a slow one', async () => {
    const prometheus = HttpPrometheus.create({ url: 'http://127.0.0.1:9' });
    await expect(prometheus.query('up', NOW)).rejects.toMatchObject({
      reason: 'unreachable',
    });
    await prometheus.close();
  });

  it('shows no secret when the token cannot be read', async () => {
    const prometheus = HttpPrometheus.create({
      url: 'http://127.0.0.1:9',
      authentication: {
        type: 'bearer',
        token: async () => {
          throw new Error('ENOENT token');
        },
      },
    });
    await expect(prometheus.query('up', NOW)).rejects.toMatchObject({
      reason: 'unauthorized',
      message: expect.stringContaining('ENOENT'),
    });
    await prometheus.close();
  });

  it.each([
    ['prometheus:9090', /reached by http|no address/],
    ['ftp://prometheus', /by http: or https:/],
    ['http://user:pw@prometheus', /by their own options/],
    ['http://prometheus/?a=b', /more than a path/],
  ])('refuses the address %s', (url, message) => {
    expect(() => HttpPrometheus.create({ url })).toThrow(message);
  });
});
