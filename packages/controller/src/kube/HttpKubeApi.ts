import { Agent, Dispatcher, request } from 'undici';
import { FIELD_MANAGER } from '@isthmus/plugin-gns-common';
import {
  KubeApi,
  KubeError,
  KubeListPage,
  KubeName,
  KubeObject,
  KubeResource,
  KubeSelector,
  KubeWatchEvent,
  TokenReviewStatus,
} from './KubeApi';
import { KubeConnection } from './loadConnection';
import { jsonLines } from './jsonLines';
import {
  readStatus,
  parseListPage,
  parseObject,
  parseTokenReview,
  parseWatchEvent,
} from './wire';

/** Seconds after which the server shall end a watch: we open the next one. */
const WATCH_SECONDS = 300;
const REQUEST_TIMEOUT = 30_000;
const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';

/** {@link KubeApi} over HTTP. Watches have a connection pool of their own. */
export class HttpKubeApi implements KubeApi {
  readonly #connection: KubeConnection;
  readonly #requests: Agent;
  readonly #watches: Agent;

  static create(connection: KubeConnection): HttpKubeApi {
    return new HttpKubeApi(connection);
  }

  private constructor(connection: KubeConnection) {
    this.#connection = connection;
    const connect = {
      ca: connection.ca,
      cert: connection.cert,
      key: connection.key,
      servername: connection.serverName,
      rejectUnauthorized: connection.verify,
      timeout: 10_000,
      keepAlive: true,
    };
    this.#requests = new Agent({
      connect,
      connections: 16,
      headersTimeout: REQUEST_TIMEOUT,
      bodyTimeout: REQUEST_TIMEOUT,
    });
    this.#watches = new Agent({
      connect,
      headersTimeout: REQUEST_TIMEOUT,
      bodyTimeout: 0,
    });
  }

  async list(
    resource: KubeResource,
    selector: KubeSelector,
    page: { limit: number; continue?: string },
    signal?: AbortSignal,
  ): Promise<KubeListPage> {
    const query = selectorQuery(selector);
    query.set('limit', String(page.limit));
    if (page.continue) query.set('continue', page.continue);
    const body = await this.#json(
      'GET',
      collectionPath(resource, selector.namespace),
      { query, signal },
    );
    return parseListPage(body, resource);
  }

  async *watch(
    resource: KubeResource,
    selector: KubeSelector,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncGenerator<KubeWatchEvent> {
    const query = selectorQuery(selector);
    query.set('watch', 'true');
    query.set('allowWatchBookmarks', 'true');
    query.set('resourceVersion', resourceVersion);
    query.set('timeoutSeconds', String(WATCH_SECONDS));
    const answer = await this.#send(
      'GET',
      collectionPath(resource, selector.namespace),
      { query, signal, dispatcher: this.#watches },
    );
    yield { type: 'OPENED' };
    for await (const line of jsonLines(answer.body)) {
      yield parseWatchEvent(line);
    }
  }

  async get(resource: KubeResource, name: KubeName, signal?: AbortSignal) {
    try {
      const body = await this.#json('GET', objectPath(resource, name), {
        signal,
      });
      return parseObject(body);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  async apply(
    resource: KubeResource,
    object: KubeObject,
    options: { force: boolean },
    signal?: AbortSignal,
  ) {
    const query = new URLSearchParams({
      fieldManager: FIELD_MANAGER,
      // The server refuses what its schema does not know, instead of dropping it.
      fieldValidation: 'Strict',
    });
    if (options.force) query.set('force', 'true');
    const body = await this.#json(
      'PATCH',
      objectPath(resource, object.metadata),
      {
        query,
        body: object,
        contentType: 'application/apply-patch+yaml',
        signal,
      },
    );
    return parseObject(body);
  }

  async create(
    resource: KubeResource,
    object: KubeObject,
    signal?: AbortSignal,
  ) {
    const body = await this.#json(
      'POST',
      collectionPath(resource, object.metadata.namespace),
      {
        query: new URLSearchParams({ fieldManager: FIELD_MANAGER }),
        body: object,
        signal,
      },
    );
    return parseObject(body);
  }

  async replace(
    resource: KubeResource,
    object: KubeObject,
    signal?: AbortSignal,
  ) {
    const body = await this.#json(
      'PUT',
      objectPath(resource, object.metadata),
      {
        query: new URLSearchParams({ fieldManager: FIELD_MANAGER }),
        body: object,
        signal,
      },
    );
    return parseObject(body);
  }

  async delete(
    resource: KubeResource,
    name: KubeName,
    uid?: string,
    signal?: AbortSignal,
  ) {
    try {
      await this.#json('DELETE', objectPath(resource, name), {
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          ...(uid ? { preconditions: { uid } } : {}),
        },
        signal,
      });
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return false;
      throw error;
    }
  }

  async reviewToken(
    review: { token: string; audiences: readonly string[] },
    signal?: AbortSignal,
  ): Promise<TokenReviewStatus> {
    const body = await this.#json('POST', TOKEN_REVIEWS, {
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: review,
      },
      signal,
    });
    return parseTokenReview(body);
  }

  async version(signal?: AbortSignal): Promise<string> {
    const body = await this.#json('GET', '/version', { signal });
    const { gitVersion } = (body ?? {}) as { gitVersion?: unknown };
    return typeof gitVersion === 'string' ? gitVersion.slice(0, 64) : 'unknown';
  }

  async close(): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#watches.destroy()]);
  }

  async #json(
    method: Dispatcher.HttpMethod,
    path: string,
    options: SendOptions,
  ): Promise<unknown> {
    const answer = await this.#send(method, path, options);
    return answer.body.json();
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    options: SendOptions,
  ): Promise<Dispatcher.ResponseData> {
    const query = options.query?.toString();
    const url = new URL(
      this.#connection.server.replace(/\/$/, '') +
        path +
        (query ? `?${query}` : ''),
    );
    const authorization = await this.#connection.authorization();
    const answer = await request(url, {
      method,
      dispatcher: options.dispatcher ?? this.#requests,
      signal: options.signal,
      headers: {
        accept: 'application/json',
        'user-agent': 'isthmus-controller',
        ...(authorization ? { authorization } : {}),
        ...(options.body !== undefined
          ? { 'content-type': options.contentType ?? 'application/json' }
          : {}),
      },
      body: options.body === undefined ? null : JSON.stringify(options.body),
    });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    throw readStatus(
      answer.statusCode,
      await answer.body.text(),
      answer.headers['retry-after'],
    );
  }
}

interface SendOptions {
  query?: URLSearchParams;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
  dispatcher?: Dispatcher;
}

function collectionPath(resource: KubeResource, namespace?: string): string {
  const root = resource.apiVersion.includes('/')
    ? `/apis/${resource.apiVersion}`
    : `/api/${resource.apiVersion}`;
  return resource.namespaced && namespace
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`
    : `${root}/${resource.plural}`;
}

function objectPath(resource: KubeResource, name: KubeName): string {
  return `${collectionPath(resource, name.namespace)}/${encodeURIComponent(
    name.name,
  )}`;
}

function selectorQuery(selector: KubeSelector): URLSearchParams {
  const query = new URLSearchParams();
  if (selector.labelSelector) {
    query.set('labelSelector', selector.labelSelector);
  }
  if (selector.fieldSelector) {
    query.set('fieldSelector', selector.fieldSelector);
  }
  return query;
}
