import { gzipSync } from 'node:zlib';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { Agent, Dispatcher, request } from 'undici';
import { InputError } from '@backstage/errors';
import {
  CONTROLLERS_PATH,
  EnrollRequest,
  Epoch,
  HIGHEST_EPOCH_HEADER,
  HIGHEST_EPOCH_PROOF_HEADER,
  IssuerRequest,
  MAX_OBSERVATIONS_BYTES,
  MAX_REPORT_BYTES,
  MAX_WAIT_SECONDS,
  PLUGIN_ID,
  ObservationsInput,
  RekeyRequest,
  Report,
  desiredDeltaSchema,
  enrollResponseSchema,
  formatEpoch,
  issuerResponseSchema,
  observationsResponseSchema,
  reportResponseSchema,
} from '@isthmus/plugin-gns-common';
import { Clock } from '../timing/Clock';
import { ClockSkew } from './ClockSkew';
import { HighestEpoch, Hub, HubCredentials, HubError } from './Hub';
import { signRequest } from './keys';

const unzip = promisify(gunzip);

/** Bodies above this are sent compressed. */
const COMPRESS_ABOVE = 4_096;
/** Largest answer that is read, bytes, before and after decompression. */
const MAX_ANSWER = 512 * 1024 * 1024;

export interface HttpHubOptions {
  /** The portal's backend, with or without `/api/gns`. */
  url: string;
  /** PEM of the CA that signed the hub's certificate; absent: the system's. */
  ca?: string;
  clock: Clock;
  /** Who we are; undefined until enrolled. */
  credentials(): HubCredentials | undefined;
  skew: ClockSkew;
  /** For each answer: operation, status, milliseconds. */
  onAnswer?(operation: string, status: number, took: number): void;
  /** Longest wait of a poll at the hub, milliseconds. */
  poll: number;
}

/** {@link Hub} over HTTP: outbound only, one connection kept for each need. */
export class HttpHub implements Hub {
  readonly #options: HttpHubOptions;
  readonly #base: string;
  readonly #agent: Agent;

  static create(options: HttpHubOptions): HttpHub {
    return new HttpHub(options);
  }

  private constructor(options: HttpHubOptions) {
    this.#options = options;
    this.#base = hubBase(options.url);
    this.#agent = new Agent({
      connect: { ca: options.ca, timeout: 10_000 },
      keepAliveTimeout: 60_000,
      headersTimeout: options.poll + 15_000,
      bodyTimeout: 60_000,
    });
  }

  async enroll(body: EnrollRequest, signal?: AbortSignal) {
    const answer = await this.#send('enroll', 'POST', '/enroll', {
      body,
      signal,
      anonymous: true,
    });
    return enrollResponseSchema.parse(answer);
  }

  async rekey(body: RekeyRequest, signal?: AbortSignal) {
    await this.#send('rekey', 'POST', '/rekey', { body, signal });
  }

  async desired(after: Epoch, highest: HighestEpoch, signal?: AbortSignal) {
    const seconds = Math.min(
      MAX_WAIT_SECONDS,
      Math.ceil(this.#options.poll / 1000),
    );
    const answer = await this.#send(
      'desired',
      'GET',
      `/desired?after=${formatEpoch(after)}&wait=${seconds}`,
      { highest, signal },
    );
    return answer === undefined ? undefined : desiredDeltaSchema.parse(answer);
  }

  async report(body: Report, highest: HighestEpoch, signal?: AbortSignal) {
    const answer = await this.#send('report', 'POST', '/report', {
      body,
      highest,
      signal,
    });
    return reportResponseSchema.parse(answer);
  }

  async issuer(body: IssuerRequest, signal?: AbortSignal) {
    const answer = await this.#send('issuer', 'POST', '/issuer', {
      body,
      signal,
    });
    return issuerResponseSchema.parse(answer);
  }

  async observe(body: ObservationsInput, signal?: AbortSignal) {
    const answer = await this.#send('observations', 'POST', '/observations', {
      body,
      signal,
      maxBytes: MAX_OBSERVATIONS_BYTES,
    });
    return observationsResponseSchema.parse(answer);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** The JSON of the answer; undefined for 204 and 304. */
  async #send(
    operation: string,
    method: Dispatcher.HttpMethod,
    path: string,
    options: {
      body?: unknown;
      highest?: HighestEpoch;
      signal?: AbortSignal;
      anonymous?: boolean;
      maxBytes?: number;
    },
  ): Promise<unknown> {
    const { clock, skew, onAnswer } = this.#options;
    const sentAt = clock.now();
    const { body, encoding } = encodeBody(options.body, options.maxBytes);
    const answer = await request(this.#base + path, {
      method,
      dispatcher: this.#agent,
      signal: options.signal,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': 'isthmus-controller',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(encoding ? { 'content-encoding': encoding } : {}),
        ...(options.highest
          ? { [HIGHEST_EPOCH_HEADER]: formatEpoch(options.highest.epoch) }
          : {}),
        ...(options.highest?.proof
          ? { [HIGHEST_EPOCH_PROOF_HEADER]: options.highest.proof }
          : {}),
        ...(options.anonymous ? {} : await this.#authorization()),
      },
      body: body ?? null,
    });
    if (operation !== 'desired') {
      skew.learn(single(answer.headers.date), sentAt);
    }
    const text = await readBody(answer);
    onAnswer?.(operation, answer.statusCode, clock.now() - sentAt);
    const { statusCode } = answer;
    if (statusCode === 204 || statusCode === 304) return undefined;
    if (statusCode >= 200 && statusCode < 300) {
      return text ? JSON.parse(text) : undefined;
    }
    // A token that was refused may be so because of our clock.
    skew.learn(single(answer.headers.date), sentAt);
    throw new HubError(
      `The hub answered ${statusCode} to ${operation}: ${messageIn(text)}`,
      statusCode,
      retryAfterOf(single(answer.headers['retry-after'])),
    );
  }

  async #authorization(): Promise<{ authorization: string }> {
    const credentials = this.#options.credentials();
    if (!credentials) {
      throw new InputError(
        'This cluster has not enrolled with a hub yet; start the controller with a join token from the portal',
      );
    }
    const token = await signRequest(credentials, this.#options.skew.now());
    return { authorization: `Bearer ${token}` };
  }
}

/** `https://portal.example/api/gns/controllers/v1` for any way to name the hub. */
export function hubBase(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    throw new InputError(
      `"${url}" is not the URL of a hub; give the address of the portal's backend, for example https://portal.example`,
      error,
    );
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new InputError(`"${url}": a hub is reached by https: or http:`);
  }
  const path = parsed.pathname.replace(/\/+$/, '');
  const api = `/api/${PLUGIN_ID}`;
  return `${parsed.origin}${
    path.endsWith(api) ? path : path + api
  }${CONTROLLERS_PATH}`;
}

function encodeBody(
  value: unknown,
  maxBytes = MAX_REPORT_BYTES,
): { body?: Buffer; encoding?: 'gzip' } {
  if (value === undefined) return {};
  const body = Buffer.from(JSON.stringify(value));
  if (body.length > maxBytes) {
    throw new HubError(
      `The body has ${body.length} bytes; the hub takes at most ${maxBytes}`,
      413,
    );
  }
  if (body.length <= COMPRESS_ABOVE) return { body };
  return { body: gzipSync(body, { level: 1 }), encoding: 'gzip' };
}

async function readBody(answer: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > MAX_ANSWER) {
      answer.body.destroy();
      throw new RangeError(`The hub's answer exceeds ${MAX_ANSWER} bytes`);
    }
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks);
  const encoding = single(answer.headers['content-encoding']);
  if (encoding !== 'gzip' || raw.length === 0) return raw.toString('utf8');
  const text = await unzip(raw, { maxOutputLength: MAX_ANSWER });
  return text.toString('utf8');
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function retryAfterOf(value: string | undefined): number | undefined {
  const seconds = Number(value);
  return value && seconds >= 0 ? Math.min(seconds, 600) * 1000 : undefined;
}

/** Backstage answers errors as `{ error: { message } }`. */
function messageIn(text: string): string {
  try {
    const message = JSON.parse(text)?.error?.message;
    if (typeof message === 'string') return message.slice(0, 1000);
  } catch {
    // Proxies answer in HTML: the text itself is shown then.
  }
  return text.slice(0, 200);
}
