import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import { REST_PATH } from './schemas';

/** What the client needs of a fetch: the portal's, a plugin's, or Node's own. */
export interface FetchLike {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}
export interface DiscoveryLike {
  getBaseUrl(pluginId: string): Promise<string>;
}

export interface SendOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * Requests below `/api/gns/v1`, for the clients of each area.
 * @throws ResponseError for every answer that is not 2xx.
 */
export class RestTransport {
  readonly #discovery: DiscoveryLike;
  readonly #fetch: FetchLike;

  constructor(options: { discoveryApi: DiscoveryLike; fetchApi: FetchLike }) {
    this.#discovery = options.discoveryApi;
    this.#fetch = options.fetchApi;
  }

  async send(
    method: string,
    path: string,
    options: SendOptions = {},
  ): Promise<Response> {
    const base = await this.#discovery.getBaseUrl('gns');
    const response = await this.#fetch.fetch(`${base}${REST_PATH}${path}`, {
      method,
      signal: options.signal,
      headers: {
        accept: 'application/json',
        ...(options.body === undefined
          ? {}
          : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body:
        options.body === undefined ? undefined : JSON.stringify(options.body),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  /** GET, parsed. */
  async read<T extends z.ZodType>(
    schema: T,
    path: string,
    signal?: AbortSignal,
  ): Promise<z.infer<T>> {
    return schema.parse(
      await (await this.send('GET', path, { signal })).json(),
    );
  }

  /** POST with a JSON body, parsed. */
  async post<T extends z.ZodType>(
    schema: T,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<z.infer<T>> {
    return schema.parse(
      await (await this.send('POST', path, { body, signal })).json(),
    );
  }
}

/** What the error says of itself when the answer was not the hub's: a proxy's page, for example. */
const NOT_THE_HUB = /^Request failed with/;

/** The error of an answer, whose message is what the hub said: its own only names the status. */
async function refusal(response: Response): Promise<ResponseError> {
  const error = await ResponseError.fromResponse(response);
  const said = error.cause.message;
  if (said && !NOT_THE_HUB.test(said)) error.message = said;
  return error;
}

/** `a=1&b=2` of what is set; empty for nothing. */
export function queryOf(
  values: Record<string, string | number | boolean | undefined>,
): string {
  const set = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return set.length > 0 ? `?${new URLSearchParams(set)}` : '';
}
