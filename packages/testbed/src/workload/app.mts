/*
 * The app of a testbed's pod: echoes HTTP on one port and gRPC on another, and calls others when told so. It starts
 * as root, to be readable wherever the checkout lies, and becomes an ordinary user before it listens to anyone.
 */
import grpc from '@grpc/grpc-js';
import dns from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  AppOptions,
  Behaviour,
  CallOrder,
  CallOutcome,
  Echo,
  GrpcOrder,
  LoopCounts,
  LoopOrder,
  TcpOrder,
} from './protocol.ts';

const options: AppOptions = JSON.parse(process.env.TESTBED_APP!);
const { cluster, namespace, workload, pod } = options;
const METHOD = '/isthmus.testbed.Echo/Echo';
const MOST_FAILURES = 100;

let behaviour: Behaviour = {};
let serving = false;

function echo(
  protocol: Echo['protocol'],
  method: string,
  path: string,
  headers: Record<string, string>,
): Echo {
  return {
    cluster,
    namespace,
    workload,
    pod,
    protocol,
    method,
    path,
    headers,
  };
}

const toJson = (message: unknown) => Buffer.from(JSON.stringify(message));
const fromJson = (bytes: Buffer) => JSON.parse(bytes.toString('utf8'));

const service: grpc.ServiceDefinition = {
  Echo: {
    path: METHOD,
    requestStream: false,
    responseStream: false,
    requestSerialize: toJson,
    requestDeserialize: fromJson,
    responseSerialize: toJson,
    responseDeserialize: fromJson,
  },
};

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, `${value}`]),
  );
}

async function serveHttp(): Promise<void> {
  const server = http.createServer(async (request, response) => {
    request.resume();
    if (behaviour.delayMs) await delay(behaviour.delayMs);
    response.statusCode = behaviour.failWith ?? 200;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        echo(
          'http',
          request.method ?? '',
          request.url ?? '',
          flat(request.headers),
        ),
      ),
    );
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>(done =>
    server.listen(options.httpPort, '0.0.0.0', done),
  );
}

async function serveGrpc(): Promise<void> {
  const server = new grpc.Server();
  server.addService(service, {
    Echo: async (
      call: grpc.ServerUnaryCall<unknown, Echo>,
      answer: grpc.sendUnaryData<Echo>,
    ) => {
      if (behaviour.delayMs) await delay(behaviour.delayMs);
      if (behaviour.failWith) {
        answer({
          code: grpc.status.UNAVAILABLE,
          details: `told to fail with ${behaviour.failWith}`,
        });
        return;
      }
      const metadata = Object.fromEntries(
        Object.entries(call.metadata.getMap()).map(([k, v]) => [k, `${v}`]),
      );
      answer(null, echo('grpc', 'POST', METHOD, metadata));
    },
  });
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(
      `0.0.0.0:${options.grpcPort}`,
      grpc.ServerCredentials.createInsecure(),
      error => (error ? reject(error) : resolve()),
    ),
  );
}

/** Answers every line with an echo. */
async function serveTcp(): Promise<void> {
  const server = net.createServer(socket => {
    socket.setEncoding('utf8');
    let rest = '';
    socket.on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        socket.write(`${JSON.stringify(echo('tcp', '', line, {}))}\n`);
      }
    });
    // Whoever is gone needs no answer.
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>(done =>
    server.listen(options.tcpPort, '0.0.0.0', done),
  );
}

function callTcp(order: TcpOrder): Promise<CallOutcome> {
  const started = performance.now();
  const passed = () => Math.round(performance.now() - started);
  const [host, port] = order.target.split(':');
  return new Promise<CallOutcome>(resolve => {
    const failed = (code: string, message: string) =>
      resolve({ outcome: 'failed', code, message, durationMs: passed() });
    const socket = net.connect({ host, port: Number(port) }, () =>
      socket.write('hello\n'),
    );
    socket.setTimeout(order.timeoutMs ?? 10_000, () => {
      failed('TIMEOUT', 'no answer');
      socket.destroy();
    });
    socket.setEncoding('utf8');
    let body = '';
    socket.on('data', (text: string) => {
      body += text;
      if (!body.endsWith('\n')) return;
      resolve({
        outcome: 'answered',
        status: 200,
        headers: {},
        body,
        echo: asEcho(body),
        address: socket.remoteAddress ?? '',
        durationMs: passed(),
      });
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      failed(error.code ?? 'ERROR', error.message),
    );
    socket.on('close', () => failed('CLOSED', 'closed without an answer'));
  });
}

const kept = new http.Agent({ keepAlive: true });

function call(order: CallOrder): Promise<CallOutcome> {
  const started = performance.now();
  const passed = () => Math.round(performance.now() - started);
  const timeoutMs = order.timeoutMs ?? 10_000;
  return new Promise(resolve => {
    const failed = (error: NodeJS.ErrnoException) =>
      resolve({
        outcome: 'failed',
        code: error.code ?? 'ERROR',
        message: error.message,
        durationMs: passed(),
      });
    let request: http.ClientRequest;
    try {
      request = http.request(order.url, {
        method: order.method ?? 'GET',
        headers: order.headers,
        agent: order.freshConnection ? false : kept,
      });
    } catch (error) {
      failed(error as Error);
      return;
    }
    const timer = setTimeout(
      () =>
        request.destroy(
          Object.assign(new Error(`no answer within ${timeoutMs} ms`), {
            code: 'TIMEOUT',
          }),
        ),
      timeoutMs,
    );
    request.on('close', () => clearTimeout(timer));
    request.on('error', failed);
    request.on('response', response => {
      let body = '';
      const address = response.socket.remoteAddress ?? '';
      response.setEncoding('utf8');
      response.on('data', text => {
        body += text;
      });
      response.on('error', failed);
      response.on('end', () =>
        resolve({
          outcome: 'answered',
          status: response.statusCode!,
          headers: flat(response.headers),
          body,
          echo: asEcho(body),
          address,
          durationMs: passed(),
        }),
      );
    });
    request.end(order.body);
  });
}

function asEcho(body: string): Echo | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(body);
    return typeof parsed.pod === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function callGrpc(order: GrpcOrder): Promise<CallOutcome> {
  const started = performance.now();
  const passed = () => Math.round(performance.now() - started);
  const client = new grpc.Client(
    order.target,
    grpc.credentials.createInsecure(),
  );
  return new Promise<CallOutcome>(resolve => {
    const request = client.makeUnaryRequest<object, Echo>(
      METHOD,
      toJson,
      fromJson,
      {},
      new grpc.Metadata(),
      { deadline: Date.now() + (order.timeoutMs ?? 10_000) },
      (error, answer) => {
        if (error || !answer) {
          resolve({
            outcome: 'failed',
            code: error ? grpc.status[error.code] : 'EMPTY',
            message: error?.details ?? 'no message',
            durationMs: passed(),
          });
          return;
        }
        resolve({
          outcome: 'answered',
          status: 200,
          headers: {},
          body: JSON.stringify(answer),
          echo: answer,
          address: request.getPeer(),
          durationMs: passed(),
        });
      },
    );
  }).finally(() => client.close());
}

class Loop {
  readonly counts: LoopCounts = {
    sent: 0,
    succeeded: 0,
    failed: 0,
    answeredBy: {},
    failures: [],
  };
  readonly #open = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;

  constructor(order: LoopOrder) {
    this.#timer = setInterval(() => {
      const one = this.#once(order).finally(() => this.#open.delete(one));
      this.#open.add(one);
    }, 1_000 / order.rate);
  }

  async #once(order: LoopOrder): Promise<void> {
    this.counts.sent += 1;
    const at = new Date().toISOString();
    const result = await call(order);
    if (
      result.outcome === 'answered' &&
      Math.floor(result.status / 100) === 2
    ) {
      this.counts.succeeded += 1;
      const by = result.echo
        ? `${result.echo.workload}@${result.echo.cluster}`
        : 'unknown';
      this.counts.answeredBy[by] = (this.counts.answeredBy[by] ?? 0) + 1;
      return;
    }
    this.counts.failed += 1;
    if (this.counts.failures.length < MOST_FAILURES) {
      this.counts.failures.push(
        result.outcome === 'answered'
          ? { at, result: `${result.status}`, message: result.body }
          : { at, result: result.code, message: result.message },
      );
    }
  }

  async stop(): Promise<LoopCounts> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    return this.counts;
  }
}

const loops = new Map<string, Loop>();

function loopAt(path: string): Loop {
  const loop = loops.get(path);
  if (!loop) throw new Error(`no loop ${path}`);
  return loop;
}

async function obey(
  method: string,
  path: string,
  order: unknown,
): Promise<unknown> {
  switch (`${method} ${path}`) {
    case 'GET /ready':
      if (!serving) throw new Error('not serving yet');
      return {};
    case 'POST /call':
      return call(order as CallOrder);
    case 'POST /grpc':
      return callGrpc(order as GrpcOrder);
    case 'POST /tcp':
      return callTcp(order as TcpOrder);
    case 'POST /lookup':
      return dns.promises.lookup((order as { host: string }).host, {
        all: true,
        family: 4,
      });
    case 'POST /behaviour':
      behaviour = order as Behaviour;
      return behaviour;
    case 'POST /loops': {
      const id = `/loops/${loops.size + 1}`;
      loops.set(id, new Loop(order as LoopOrder));
      return { id };
    }
    default:
      if (method === 'GET') return loopAt(path).counts;
      if (method === 'DELETE') return loopAt(path).stop();
      throw new Error(`no order ${method} ${path}`);
  }
}

const control = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', text => {
    body += text;
  });
  request.on('end', async () => {
    try {
      const order = body ? JSON.parse(body) : {};
      const answer = await obey(request.method!, request.url!, order);
      response.end(JSON.stringify(answer));
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      response.statusCode = 500;
      response.end(JSON.stringify({ message, code }));
    }
  });
});

async function main(): Promise<void> {
  await new Promise<void>(done => {
    control.listen(options.controlSocket, done);
  });
  process.setgroups!([]);
  process.setgid!(options.uid);
  process.setuid!(options.uid);
  await serveHttp();
  await serveGrpc();
  await serveTcp();
  serving = true;
}

main();
