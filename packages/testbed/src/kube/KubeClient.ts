import { CustomErrorBase } from '@backstage/errors';
import https from 'node:https';
import tls from 'node:tls';
import { parseAllDocuments } from 'yaml';
import type { Tunnel } from '../network/Tunnel';

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    ownerReferences?: Record<string, unknown>[];
    managedFields?: Record<string, unknown>[];
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** Names one object. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** The API server's refusal. */
export class KubeApiError extends CustomErrorBase {
  name = 'KubeApiError' as const;

  constructor(
    message: string,
    /** HTTP status. */
    readonly statusCode: number,
    /** `reason` of the Status object: `NotFound`, `Conflict`, `Invalid`, … */
    readonly reason: string,
  ) {
    super(message);
  }
}

interface RequestOptions {
  body?: unknown;
  contentType?: string;
}

/** Keeps TLS connections that run through the tunnel. */
class TunnelAgent extends https.Agent {
  constructor(private readonly tunnel: Tunnel) {
    super({ keepAlive: true, maxSockets: 8 });
  }

  createConnection(options: tls.ConnectionOptions): tls.TLSSocket {
    return tls.connect({
      ...options,
      socket: this.tunnel.connect(options.host!, options.port!),
    });
  }
}

/** A thin client of one API server, through the testbed's tunnel, verifying its certificate. */
export class KubeClient {
  readonly #agent: https.Agent;
  readonly #resources = new Map<
    string,
    { name: string; namespaced: boolean }
  >();

  constructor(
    private readonly options: {
      tunnel: Tunnel;
      address: string;
      port: number;
      ca: string;
      token: string;
    },
  ) {
    this.#agent = new TunnelAgent(options.tunnel);
  }

  /** The same server for another bearer token: a service account's, to see what its RBAC lets it do. */
  withToken(token: string): KubeClient {
    return new KubeClient({ ...this.options, token });
  }

  /**
   * Sends one request.
   *
   * @param path - from the slash on: `/api/v1/namespaces`
   * @returns the parsed body; a text body comes as a string
   * @throws KubeApiError for status 400 and above; the socket's error when there is no answer
   */
  request<T = KubeObject>(
    method: string,
    path: string,
    { body, contentType = 'application/json' }: RequestOptions = {},
  ): Promise<T> {
    const { address, port, ca, token } = this.options;
    return new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: address,
          port,
          path,
          method,
          ca,
          agent: this.#agent,
          timeout: 30_000,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': contentType }),
          },
        },
        response => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', chunk => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => {
            const json = response.headers['content-type']?.includes('json');
            const answer = json ? JSON.parse(text) : text;
            const status = response.statusCode!;
            if (status < 400) resolve(answer);
            else {
              const message = json ? answer.message : text;
              const reason = json ? answer.reason : '';
              reject(
                new KubeApiError(
                  `${method} ${path}: ${status} ${message}`,
                  status,
                  reason,
                ),
              );
            }
          });
        },
      );
      request.on('timeout', () =>
        request.destroy(new Error(`${method} ${path}: no answer within 30 s`)),
      );
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /**
   * Server-side apply, forced, as field manager `testbed`.
   *
   * @param manifests - one object, several, or YAML with any number of documents
   */
  async apply(
    manifests: KubeObject | KubeObject[] | string,
  ): Promise<KubeObject[]> {
    const objects =
      typeof manifests === 'string' ? parseManifests(manifests) : [manifests];
    const applied: KubeObject[] = [];
    for (const object of objects.flat()) {
      const path = await this.path(toRef(object));
      applied.push(
        await this.request('PATCH', `${path}?fieldManager=testbed&force=true`, {
          body: object,
          contentType: 'application/apply-patch+yaml',
        }),
      );
    }
    return applied;
  }

  /** @throws KubeApiError 409 when it exists */
  async create(object: KubeObject): Promise<KubeObject> {
    const path = await this.path({ ...toRef(object), name: '' });
    return this.request('POST', path, { body: object });
  }

  /** @returns the object as it would be stored, webhooks asked; nothing is */
  async dryCreate(object: KubeObject): Promise<KubeObject> {
    const path = await this.path({ ...toRef(object), name: '' });
    return this.request('POST', `${path}?dryRun=All`, { body: object });
  }

  /** @returns the object, undefined when there is none */
  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.#unlessMissing(this.request('GET', await this.path(ref)));
  }

  /** @returns all objects of a kind, of one namespace or of all */
  async list(
    kind: Omit<ObjectRef, 'name'>,
    labelSelector?: string,
  ): Promise<KubeObject[]> {
    const path = await this.path({ ...kind, name: '' });
    const query = labelSelector
      ? `?labelSelector=${encodeURIComponent(labelSelector)}`
      : '';
    const list = await this.request<{ items: KubeObject[] }>(
      'GET',
      `${path}${query}`,
    );
    // Items of a list come without their own kind.
    return list.items.map(item => ({
      ...item,
      apiVersion: kind.apiVersion,
      kind: kind.kind,
    }));
  }

  /** Deletes at once; a missing object is no error. */
  async delete(ref: ObjectRef): Promise<void> {
    await this.#unlessMissing(
      this.request('DELETE', `${await this.path(ref)}?gracePeriodSeconds=0`),
    );
  }

  /** Merge-patches an object. */
  async patch(ref: ObjectRef, patch: object): Promise<KubeObject> {
    return this.request('PATCH', await this.path(ref), {
      body: patch,
      contentType: 'application/merge-patch+json',
    });
  }

  /** Merge-patches the status of an object. */
  async patchStatus(ref: ObjectRef, status: object): Promise<KubeObject> {
    return this.request('PATCH', `${await this.path(ref)}/status`, {
      body: { status },
      contentType: 'application/merge-patch+json',
    });
  }

  /**
   * Mints a token of a service account by the TokenRequest API.
   *
   * @param options - audiences (the API server's own by default), life in seconds, pod that it is bound to
   */
  async createToken(
    namespace: string,
    serviceAccount: string,
    options: {
      audiences?: string[];
      expirationSeconds?: number;
      boundPod?: { name: string; uid: string };
    } = {},
  ): Promise<string> {
    const answer = await this.request<{ status: { token: string } }>(
      'POST',
      `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
      {
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {
            audiences: options.audiences,
            expirationSeconds: options.expirationSeconds,
            boundObjectRef: options.boundPod && {
              apiVersion: 'v1',
              kind: 'Pod',
              ...options.boundPod,
            },
          },
        },
      },
    );
    return answer.status.token;
  }

  /** @returns the path of an object, or of its collection when the name is empty */
  async path(ref: ObjectRef): Promise<string> {
    const base =
      ref.apiVersion === 'v1' ? '/api/v1' : `/apis/${ref.apiVersion}`;
    const resource = await this.#resource(base, ref.kind);
    const scope =
      resource.namespaced && ref.namespace
        ? `/namespaces/${ref.namespace}`
        : '';
    return `${base}${scope}/${resource.name}${ref.name && `/${ref.name}`}`;
  }

  /** Ends kept connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #resource(base: string, kind: string) {
    const key = `${base} ${kind}`;
    const known = this.#resources.get(key);
    if (known) return known;
    const { resources } = await this.request<{
      resources: { name: string; kind: string; namespaced: boolean }[];
    }>('GET', base);
    const found = resources.find(
      one => one.kind === kind && !one.name.includes('/'),
    );
    if (!found) {
      throw new KubeApiError(
        `${base} serves no kind ${kind}: apply its CustomResourceDefinition first`,
        404,
        'NotFound',
      );
    }
    this.#resources.set(key, found);
    return found;
  }

  async #unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof KubeApiError && error.statusCode === 404) {
        return undefined;
      }
      throw error;
    }
  }
}

/** @returns the objects of a YAML text with any number of documents */
export function parseManifests(yaml: string): KubeObject[] {
  return parseAllDocuments(yaml)
    .map(document => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as KubeObject | null;
    })
    .filter(object => object !== null);
}

function toRef(object: KubeObject): ObjectRef {
  const { name, namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
}
