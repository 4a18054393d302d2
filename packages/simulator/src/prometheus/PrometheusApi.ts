import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { instantAnswer, rangeAnswer } from './answerQuery';
import type { SeriesStore } from './promql/evaluate';
import { QueryError } from './promql/tokens';

const HOST = '127.0.0.1';
const MAX_BODY = 10 * 1024 * 1024;

/** `/api/v1/query` and `/api/v1/query_range` over series. */
export class PrometheusApi {
  private constructor(private readonly server: Server, readonly port: number) {}

  /** `isSilent`: while it says so, connections are cut without an answer. */
  static async start(options: {
    store: SeriesStore;
    port?: number;
    isSilent?: () => boolean;
  }): Promise<PrometheusApi> {
    const server = createServer((request, response) => {
      if (options.isSilent?.()) {
        request.socket.destroy();
        return;
      }
      answer(options.store, request).then(
        ({ status, body }) => send(request, response, status, body),
        error =>
          send(request, response, 500, {
            status: 'error',
            errorType: 'internal',
            error: String(error),
          }),
      );
    });
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(options.port ?? 0, HOST, done);
    });
    return new PrometheusApi(server, (server.address() as AddressInfo).port);
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>(done => {
      this.server.close(() => done());
      this.server.closeAllConnections();
    });
  }
}

interface Answer {
  status: number;
  body: unknown;
}

async function answer(
  store: SeriesStore,
  request: IncomingMessage,
): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const parameters = new URLSearchParams(
    request.method === 'POST' ? await readText(request) : url.search,
  );
  try {
    switch (url.pathname) {
      case '/api/v1/query':
        return success(
          instantAnswer(
            store,
            parameters.get('query') ?? '',
            timeIn(parameters, 'time', Date.now() / 1000),
          ),
        );
      case '/api/v1/query_range': {
        const start = timeIn(parameters, 'start');
        const end = timeIn(parameters, 'end');
        const step = timeIn(parameters, 'step');
        if (end < start || step <= 0) {
          throw new QueryError('invalid parameter "end" or "step"');
        }
        return success(
          rangeAnswer(store, parameters.get('query') ?? '', {
            start,
            end,
            step,
          }),
        );
      }
      case '/-/ready':
        return { status: 200, body: { status: 'success' } };
      default:
        return {
          status: 404,
          body: { status: 'error', errorType: 'not_found' },
        };
    }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return {
      status: 400,
      body: { status: 'error', errorType: 'bad_data', error: error.message },
    };
  }
}

function success(data: unknown): Answer {
  return { status: 200, body: { status: 'success', data } };
}

function timeIn(
  parameters: URLSearchParams,
  name: string,
  fallback?: number,
): number {
  const text = parameters.get(name);
  if (text === null && fallback !== undefined) return fallback;
  const number = Number(text);
  if (text === null || text === '' || !Number.isFinite(number)) {
    throw new QueryError(
      `invalid parameter "${name}": cannot parse "${text ?? ''}"`,
    );
  }
  return number;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('the query is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  const text = JSON.stringify(body);
  const zips = String(request.headers['accept-encoding'] ?? '').includes(
    'gzip',
  );
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(zips ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(zips ? gzipSync(text, { level: 1 }) : text);
}
