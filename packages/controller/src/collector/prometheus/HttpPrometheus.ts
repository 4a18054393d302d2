import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { Agent, Dispatcher, request } from 'undici';
import { InputError } from '@backstage/errors';
import {
  PrometheusError,
  type EvaluationTimes,
  type Prometheus,
  type PrometheusAnswer,
  type PrometheusConnection,
} from './Prometheus';
import { readAnswer } from './readAnswer';

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 128 * 1024 * 1024;
/** What an error says of the body. */
const SHOWN = 200;

/** {@link Prometheus} over HTTP. Redirects are not followed: they would carry our credentials elsewhere. */
export class HttpPrometheus implements Prometheus {
  readonly name: string;
  readonly #connection: PrometheusConnection;
  readonly #base: string;
  readonly #agent: Agent;

  /** @throws InputError when the connection cannot be meant so */
  static create(connection: PrometheusConnection): HttpPrometheus {
    return new HttpPrometheus(connection);
  }

  private constructor(connection: PrometheusConnection) {
    const url = readUrl(connection.url);
    this.#connection = connection;
    this.name = url.origin + url.pathname.replace(/\/+$/, '');
    this.#base = `${this.name}/api/v1`;
    const { tls } = connection;
    this.#agent = new Agent({
      connections: 2,
      connect: {
        timeout: Math.min(10_000, connection.timeoutMs ?? TIMEOUT_MS),
        ca: tls?.ca,
        cert: tls?.cert,
        key: tls?.key,
        ...(tls?.serverName ? { servername: tls.serverName } : {}),
      },
      keepAliveTimeout: 90_000,
    });
  }

  async query(
    promql: string,
    times: EvaluationTimes,
    signal?: AbortSignal,
  ): Promise<PrometheusAnswer> {
    const timeoutMs = this.#connection.timeoutMs ?? TIMEOUT_MS;
    const deadline = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
    const single = times.from === times.to;
    const form = new URLSearchParams({
      query: promql,
      timeout: `${Math.max(1, Math.floor(timeoutMs / 1000))}s`,
      ...(single
        ? { time: String(times.from) }
        : {
            start: String(times.from),
            end: String(times.to),
            step: String(times.step),
          }),
    });
    try {
      const answer = await request(
        `${this.#base}/${single ? 'query' : 'query_range'}`,
        {
          method: 'POST',
          dispatcher: this.#agent,
          signal: either,
          headers: await this.#headers(),
          body: form.toString(),
        },
      );
      const text = await this.#readBody(answer, either);
      const serverTime = Date.parse(String(answer.headers.date ?? ''));
      refuseStatus(answer, text);
      return {
        series: readAnswer(text, times),
        serverTime: Number.isNaN(serverTime) ? undefined : serverTime,
      };
    } catch (error) {
      if (error instanceof PrometheusError) throw error;
      if (deadline.aborted) {
        throw new PrometheusError(
          'timeout',
          `${this.name} gave no complete answer within ${timeoutMs / 1000} s`,
          { cause: error },
        );
      }
      throw new PrometheusError(
        'unreachable',
        `${this.name} cannot be reached: ${reachErrorOf(error)}`,
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #headers(): Promise<Record<string, string>> {
    const { headers, authentication } = this.#connection;
    return {
      ...headers,
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'isthmus-controller',
      ...(await authorizationOf(authentication)),
    };
  }

  /** The text, unless it is larger than allowed: compressed or not. */
  async #readBody(
    answer: Dispatcher.ResponseData,
    signal: AbortSignal,
  ): Promise<string> {
    const limit = this.#connection.maxBytes ?? MAX_BYTES;
    const encoding = String(answer.headers['content-encoding'] ?? 'identity');
    if (encoding !== 'gzip' && encoding !== 'identity') {
      // To destroy it is an error of its own, of which nobody needs to know.
      answer.body.once('error', () => {}).destroy();
      throw new PrometheusError(
        'error',
        `The answer is encoded as ${encoding.slice(
          0,
          40,
        )}, which was not asked for`,
      );
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const body: Readable = answer.body;
    const gunzip = encoding === 'gzip' ? createGunzip() : undefined;
    const plain = gunzip ? body.pipe(gunzip) : body;
    const stop = (error: Error) => plain.destroy(error);
    const onAbort = () => stop(new Error('aborted'));
    body.once('error', stop);
    // A body that ends without its end is an error of the body alone.
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for await (const chunk of plain as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limit) {
          throw new PrometheusError(
            'error',
            `The answer is larger than ${limit} bytes. Select less, or raise the limit`,
          );
        }
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof PrometheusError || signal.aborted) throw error;
      throw new PrometheusError(
        'error',
        `The answer broke off or cannot be unpacked: ${reachErrorOf(error)}`,
        { cause: error },
      );
    } finally {
      signal.removeEventListener('abort', onAbort);
      body.destroy();
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

function readUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new InputError(
      `"${text}" is no address of a Prometheus; write it as http://prometheus.monitoring:9090`,
      error,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InputError(
      `"${text}": a Prometheus is reached by http: or https:`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new InputError(
      `The address ${url.origin} of a Prometheus holds more than a path. Give user and password by their own options`,
    );
  }
  return url;
}

async function authorizationOf(
  authentication: PrometheusConnection['authentication'],
): Promise<{ authorization?: string }> {
  if (!authentication) return {};
  const reveal = async (secret: string | (() => Promise<string>)) => {
    try {
      return typeof secret === 'string' ? secret : await secret();
    } catch (error) {
      throw new PrometheusError(
        'unauthorized',
        `The ${
          authentication.type === 'bearer' ? 'token' : 'password'
        } for Prometheus cannot be read: ${reachErrorOf(error)}`,
        { cause: error },
      );
    }
  };
  if (authentication.type === 'bearer') {
    return { authorization: `Bearer ${await reveal(authentication.token)}` };
  }
  const pair = `${authentication.username}:${await reveal(
    authentication.password,
  )}`;
  return {
    authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`,
  };
}

/** @throws PrometheusError for a status that is not 2xx */
function refuseStatus(
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string,
) {
  if (statusCode >= 200 && statusCode < 300) return;
  if (statusCode === 401 || statusCode === 403) {
    throw new PrometheusError(
      'unauthorized',
      `Prometheus answered ${statusCode}: check the token, password or certificate that it is asked with`,
    );
  }
  if (statusCode >= 300 && statusCode < 400) {
    throw new PrometheusError(
      'error',
      `Prometheus answered ${statusCode} and points elsewhere (${String(
        headers.location ?? 'nowhere',
      ).slice(0, SHOWN)}). Give the address that it points to`,
    );
  }
  const { type, message } = errorIn(text);
  throw new PrometheusError(
    type === 'timeout' || statusCode === 504 ? 'timeout' : 'error',
    `Prometheus answered ${statusCode}${message ? `: ${message}` : ''}`,
  );
}

/** Prometheus answers errors as JSON; proxies as HTML, of which nothing is shown. */
function errorIn(text: string): { type?: string; message: string } {
  try {
    const { errorType, error } = Object(JSON.parse(text));
    return {
      type: typeof errorType === 'string' ? errorType : undefined,
      message: typeof error === 'string' ? error.slice(0, SHOWN) : '',
    };
  } catch {
    const isMarkup = text.trimStart().startsWith('<');
    return {
      message: isMarkup ? 'a page of HTML' : text.slice(0, SHOWN).trim(),
    };
  }
}

/** What the system says of a connection that failed: of several addresses, the first. */
function reachErrorOf(error: unknown): string {
  const { code, message, errors } = Object(error) as {
    code?: unknown;
    message?: unknown;
    errors?: unknown;
  };
  if (Array.isArray(errors) && errors.length > 0)
    return reachErrorOf(errors[0]);
  const text = typeof message === 'string' && message ? message : String(error);
  return (
    typeof code === 'string' && !text.includes(code) ? `${code} ${text}` : text
  ).slice(0, SHOWN);
}
