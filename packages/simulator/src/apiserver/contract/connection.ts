import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage, RequestOptions } from 'node:http';

/** How the cases reach the API server under test. */
export interface KubernetesConnection {
  /** Base URL. */
  url: string;
  /** PEM of the server's authority; undefined: plain HTTP or unchecked. */
  ca?: string;
  /** A token of a user in `system:masters`. */
  adminToken: string;
  /** A token of a user called `reader` without any role. */
  readerToken: string;
  /** Ends what `connect` started. */
  close(): Promise<void>;
}

/** An answer with its JSON body. */
export interface Answer {
  status: number;
  // The cases read Kubernetes objects of every kind: the body's type is theirs.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  warnings: string[];
}

/** What a case sends. */
export interface Sent {
  body?: unknown;
  contentType?: string;
  /** null: no token. */
  token?: string | null;
}

export const APPLY = 'application/apply-patch+yaml';
export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';

/** The field manager of requests that name none: the agent's first word. */
export const AGENT = 'contract';

/** One event of a watch. */
export interface WatchEvent {
  type: string;
  // See Answer.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  object: any;
}

/** An open watch. */
export class OpenedWatch {
  readonly events: WatchEvent[] = [];
  ended = false;
  #rest = '';

  constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (this.#rest + chunk).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.trim()) this.events.push(JSON.parse(line));
      }
    });
    const end = () => {
      this.ended = true;
    };
    response.on('end', end);
    response.on('close', end);
    response.on('error', end);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Waits until the condition holds for the events so far. */
  async until(
    condition: (events: WatchEvent[]) => boolean,
    timeoutMs = 10_000,
  ): Promise<WatchEvent[]> {
    const deadline = Date.now() + timeoutMs;
    while (!condition(this.events)) {
      if (Date.now() > deadline) {
        throw new Error(
          `the watch's events did not come in ${timeoutMs} ms; so far: ${JSON.stringify(
            this.events.map(e => [e.type, e.object?.metadata?.name]),
          )}`,
        );
      }
      await new Promise(resolve => {
        setTimeout(resolve, 5);
      });
    }
    return this.events;
  }

  close() {
    this.response.destroy();
  }
}

/** Speaks to the server under test. */
export class ContractClient {
  readonly #watches = new Set<OpenedWatch>();

  constructor(readonly connection: KubernetesConnection) {}

  async #open(
    method: string,
    path: string,
    sent: Sent,
  ): Promise<IncomingMessage> {
    const { url, ca, adminToken } = this.connection;
    const token = sent.token === undefined ? adminToken : sent.token;
    const text =
      typeof sent.body === 'string' || sent.body === undefined
        ? sent.body
        : JSON.stringify(sent.body);
    const options: RequestOptions = {
      method,
      agent: false,
      headers: {
        'User-Agent': `${AGENT}/1`,
        Accept: 'application/json',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(text === undefined
          ? {}
          : {
              'Content-Type': sent.contentType ?? 'application/json',
              // Without it Node frames no body for DELETE.
              'Content-Length': Buffer.byteLength(text),
            }),
      },
    };
    return new Promise((resolve, reject) => {
      const target = `${url}${path}`;
      const request = target.startsWith('https:')
        ? httpsRequest(
            target,
            { ...options, ca, rejectUnauthorized: ca !== undefined },
            resolve,
          )
        : httpRequest(target, options, resolve);
      request.once('error', reject);
      request.end(text);
    });
  }

  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const response = await this.#open(method, path, sent);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const header = response.headers.warning ?? '';
    const type = response.headers['content-type'] ?? '';
    return {
      status: response.statusCode ?? 0,
      // The real server sends its OpenAPI index as text/plain.
      body:
        type.includes('json') || text.startsWith('{') ? JSON.parse(text) : text,
      warnings: [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(match =>
        JSON.parse(`"${match[1]}"`),
      ),
    };
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, { body });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, { body });
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send('DELETE', path, { body });
  }

  patch(path: string, contentType: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, { body, contentType });
  }

  /** Server-side apply. */
  apply(
    path: string,
    manager: string,
    body: unknown,
    query = '',
  ): Promise<Answer> {
    return this.patch(`${path}?fieldManager=${manager}${query}`, APPLY, body);
  }

  /** Opens a watch; its events are collected as they come. */
  async watch(path: string, query: string): Promise<OpenedWatch> {
    const response = await this.#open('GET', `${path}?watch=1${query}`, {});
    const opened = new OpenedWatch(response);
    this.#watches.add(opened);
    return opened;
  }

  /** Ends watches that a case left open. */
  closeWatches() {
    for (const opened of this.#watches) opened.close();
    this.#watches.clear();
  }
}
