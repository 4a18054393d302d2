import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { TokenAuthenticator, UserInfo } from './authentication';
import type { RbacAuthorizer } from './authorization';
import { discoveryDocument, openApiDocument } from './discovery';
import type { Faults } from './faults';
import type { GarbageCollector } from './garbageCollector';
import type { Lists } from './lists';
import type { Json, JsonObject } from './objects';
import { isJsonObject } from './objects';
import type { ResourceRegistry, Written } from './registry';
import { parseBody, readBody } from './requestBody';
import type { ApiPath, ResourceRequest } from './requestInfo';
import { parseApiPath, resolveResource, selectedName } from './requestInfo';
import { reviewAccess, reviewToken, requestToken } from './reviews';
import { isScalable, scaleOf, writeScale } from './scale';
import type { ObjectFilter } from './selectors';
import { parseFieldSelector, parseLabelSelector } from './selectors';
import {
  ApiStatusError,
  badRequest,
  methodNotAllowed,
  noSuchResource,
  unauthorized,
  unsupportedMediaType,
} from './statusErrors';
import type { ObjectStore } from './store';
import type { Watches } from './watches';

/** One request that the server answered or is answering. */
export interface SeenRequest {
  verb: string;
  method: string;
  path: string;
  query: string;
  user: string;
}

/** The parts of a server that requests are answered from. */
export interface RequestContext {
  store: ObjectStore;
  registry: ResourceRegistry;
  lists: Lists;
  watches: Watches;
  faults: Faults;
  collector: GarbageCollector;
  authenticator: TokenAuthenticator;
  authorizer: RbacAuthorizer;
  /** Watches from a compacted version get HTTP 410 instead of an event. */
  goneAsStatus: () => boolean;
  onRequest: (request: SeenRequest) => void;
}

const HEALTH = new Set(['/healthz', '/livez', '/readyz']);
const DEFAULT_WATCH_SECONDS = 1800;

interface Answer {
  code: number;
  body: unknown;
  warnings?: string[];
}

/** Answers one HTTP request. */
export async function handleRequest(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    const { requestLatencyMs } = context.faults;
    if (requestLatencyMs > 0) await delay(requestLatencyMs);
    const answer = await route(context, request, response);
    if (answer) send(response, answer);
  } catch (error) {
    sendError(response, error);
  }
}

function send(response: ServerResponse, { code, body, warnings }: Answer) {
  if (response.headersSent || response.destroyed) return;
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(code, {
    'Content-Type':
      typeof body === 'string' ? 'text/plain' : 'application/json',
    'Content-Length': Buffer.byteLength(content),
    'Cache-Control': 'no-cache, private',
    ...(warnings && warnings.length > 0
      ? { Warning: warnings.map(text299) }
      : {}),
  });
  response.end(content);
}

function text299(warning: string): string {
  return `299 - ${JSON.stringify(warning)}`;
}

function sendError(response: ServerResponse, error: unknown) {
  const known =
    error instanceof ApiStatusError
      ? error
      : new ApiStatusError(
          500,
          'InternalError',
          `Internal error occurred: ${
            error instanceof Error ? error.stack : String(error)
          }`,
        );
  const retry = known.body.details?.retryAfterSeconds;
  if (retry && !response.headersSent) response.setHeader('Retry-After', retry);
  send(response, { code: known.code, body: known.body });
}

async function route(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer | undefined> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const method = request.method ?? 'GET';
  context.faults.admitRequest({ method, path: url.pathname });
  if (HEALTH.has(url.pathname)) return { code: 200, body: 'ok' };
  const user = authenticate(context, request);
  const path = parseApiPath(url.pathname);
  context.onRequest({
    verb: path ? verbOf(method, path, url.searchParams) : method.toLowerCase(),
    method,
    path: url.pathname,
    query: url.search,
    user: user.username,
  });
  if (method === 'GET') {
    const document =
      discoveryDocument(url.pathname) ?? openApiDocument(url.pathname);
    if (document) return { code: 200, body: document };
  }
  if (!path) return { code: 404, body: '404 page not found\n' };
  const virtual = await virtualResource(context, request, path, user);
  if (virtual) return virtual;
  const target = resolveResource(path);
  if (!target) throw noSuchResource();
  const verb = verbOf(method, path, url.searchParams);
  const { group, plural } = target.type;
  context.authorizer.require(user, {
    verb,
    group,
    resource: plural,
    subresource: target.subresource,
    namespace:
      target.namespace ??
      (plural === 'namespaces' && group === '' ? target.name : undefined),
    name: target.name ?? selectedName(url.searchParams),
  });
  if (target.subresource && !knownSubresource(target)) throw noSuchResource();
  if (method === 'GET') {
    return read(context, target, verb, url.searchParams, response);
  }
  return write(context, request, target, verb, url.searchParams);
}

function knownSubresource({ type, subresource }: ResourceRequest): boolean {
  if (subresource === 'scale') return isScalable(type);
  return subresource === 'status' && type.status;
}

function authenticate(
  { authenticator }: RequestContext,
  request: IncomingMessage,
): UserInfo {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const result = token ? authenticator.check(token.trim()) : undefined;
  if (!result?.ok) throw unauthorized();
  return result.user;
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function verbOf(
  method: string,
  { name }: Pick<ApiPath, 'name'>,
  query: URLSearchParams,
): string {
  switch (method) {
    case 'GET':
      if (isTrue(query.get('watch'))) return 'watch';
      return name === undefined ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}

async function jsonBody(request: IncomingMessage): Promise<Json> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (type.includes('protobuf')) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  return parseBody(await readBody(request), type);
}

/** Resources that are computed: reviews, tokens, logs and metrics. */
async function virtualResource(
  context: RequestContext,
  request: IncomingMessage,
  path: ApiPath,
  user: UserInfo,
): Promise<Answer | undefined> {
  const { authenticator, authorizer, store } = context;
  const { group, plural, namespace, name = '', subresource } = path;
  const method = request.method ?? 'GET';
  const require = (verb: string) =>
    authorizer.require(user, {
      verb,
      group,
      resource: plural,
      subresource,
      namespace,
      name: name || undefined,
    });
  if (method === 'POST') {
    const body = () => jsonBody(request);
    switch (`${group}/${plural}${subresource ? `/${subresource}` : ''}`) {
      case 'authentication.k8s.io/tokenreviews':
        require('create');
        return {
          code: 201,
          body: reviewToken(authenticator, await body()),
        };
      case 'authorization.k8s.io/selfsubjectaccessreviews':
        return {
          code: 201,
          body: reviewAccess(
            authorizer,
            'SelfSubjectAccessReview',
            user,
            await body(),
          ),
        };
      case 'authorization.k8s.io/subjectaccessreviews':
        require('create');
        return {
          code: 201,
          body: reviewAccess(
            authorizer,
            'SubjectAccessReview',
            user,
            await body(),
          ),
        };
      case '/serviceaccounts/token':
        require('create');
        return {
          code: 201,
          body: requestToken(
            store,
            authenticator,
            namespace ?? '',
            name,
            await body(),
          ),
        };
      default:
        return undefined;
    }
  }
  if (method === 'GET' && group === 'metrics.k8s.io' && plural === 'pods') {
    require(name ? 'get' : 'list');
    return {
      code: 200,
      body: {
        kind: 'PodMetricsList',
        apiVersion: 'metrics.k8s.io/v1beta1',
        metadata: {},
        items: [],
      },
    };
  }
  if (method === 'GET' && group === '' && subresource === 'log') {
    require('get');
    return { code: 200, body: 'a simulated container writes no log\n' };
  }
  return undefined;
}

function read(
  context: RequestContext,
  target: ResourceRequest,
  verb: string,
  query: URLSearchParams,
  response: ServerResponse,
): Answer | undefined {
  const { type, namespace } = target;
  if (verb === 'get') {
    const { name = '', subresource } = target;
    const at = { type, namespace: namespace ?? '', name };
    const object = context.registry.get(at);
    return {
      code: 200,
      body: subresource === 'scale' ? scaleOf(object) : object,
    };
  }
  const filter = filterOf(target, query);
  if (verb === 'watch') {
    watch(context, target, query, filter, response);
    return undefined;
  }
  return {
    code: 200,
    body: context.lists.list({
      type,
      namespace,
      filter,
      limit: integer(query, 'limit'),
      continueToken: query.get('continue') ?? undefined,
      resourceVersion: query.get('resourceVersion') ?? undefined,
      exact: query.get('resourceVersionMatch') === 'Exact',
    }),
  };
}

function watch(
  context: RequestContext,
  { type, namespace }: ResourceRequest,
  query: URLSearchParams,
  filter: ObjectFilter | undefined,
  response: ServerResponse,
) {
  const resourceVersion = query.get('resourceVersion') ?? '';
  const sendInitialEvents = isTrue(query.get('sendInitialEvents'));
  const version = Number(resourceVersion);
  const oldest = context.store.compactedVersion(type);
  if (context.goneAsStatus() && version > 0 && version < oldest) {
    throw new ApiStatusError(
      410,
      'Expired',
      `too old resource version: ${resourceVersion} (${oldest})`,
    );
  }
  context.watches.serve(
    {
      type,
      namespace,
      filter: filter ?? (() => true),
      resourceVersion,
      bookmarks: isTrue(query.get('allowWatchBookmarks')),
      sendInitialEvents,
      timeoutSeconds: integer(query, 'timeoutSeconds') || DEFAULT_WATCH_SECONDS,
    },
    response,
  );
}

function filterOf(
  { type, name }: ResourceRequest,
  query: URLSearchParams,
): ObjectFilter | undefined {
  const filters: ObjectFilter[] = [];
  const labels = query.get('labelSelector');
  const fields = query.get('fieldSelector');
  if (labels) filters.push(parseLabelSelector(labels));
  if (fields) filters.push(parseFieldSelector(fields, type));
  if (name) filters.push(object => object.metadata.name === name);
  if (filters.length === 0) return undefined;
  return object => filters.every(fits => fits(object));
}

function integer(query: URLSearchParams, key: string): number | undefined {
  const value = query.get(key);
  if (value === null || value === '') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number)) {
    throw badRequest(
      `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`,
    );
  }
  return number;
}

function isDryRun(query: URLSearchParams): boolean {
  const value = query.get('dryRun');
  if (value === null || value === '') return false;
  if (value === 'All') return true;
  throw new ApiStatusError(
    422,
    'Invalid',
    `PatchOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ${JSON.stringify(
      value,
    )}: supported values: "All"`,
  );
}

async function write(
  context: RequestContext,
  request: IncomingMessage,
  target: ResourceRequest,
  verb: string,
  query: URLSearchParams,
): Promise<Answer> {
  const { type, subresource, name } = target;
  const namespace = target.namespace ?? '';
  if (verb === 'delete' || verb === 'deletecollection') {
    return remove(context, request, target, query);
  }
  const contentType = (
    request.headers['content-type'] ?? 'application/json'
  ).split(';')[0];
  const agent = (request.headers['user-agent'] ?? '').split('/')[0];
  const applies = contentType === 'application/apply-patch+yaml';
  const fieldManager = query.get('fieldManager');
  const options = {
    manager: fieldManager ?? (applies ? '' : agent || 'unknown'),
    dryRun: isDryRun(query),
    fieldValidation: query.get('fieldValidation') || 'Warn',
    subresource,
    force: isTrue(query.get('force')),
  };
  const body = await jsonBody(request);
  if (subresource === 'scale' && name !== undefined) {
    const at = { type, namespace, name };
    return {
      code: 200,
      body: writeScale(context.registry, at, body, contentType, options),
    };
  }
  let written: Written;
  if (verb === 'create' && name === undefined) {
    if (type.namespaced && !namespace) throw methodNotAllowed();
    written = context.registry.create(type, namespace, body, options);
  } else if (verb === 'update' && name !== undefined) {
    written = context.registry.update({ type, namespace, name }, body, options);
  } else if (verb === 'patch' && name !== undefined) {
    written = context.registry.patch(
      { type, namespace, name },
      contentType,
      body,
      options,
    );
  } else {
    throw methodNotAllowed();
  }
  return {
    code: written.created ? 201 : 200,
    body: written.object,
    warnings: written.warnings,
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function remove(
  context: RequestContext,
  request: IncomingMessage,
  target: ResourceRequest,
  query: URLSearchParams,
): Promise<Answer> {
  const { type, name, subresource } = target;
  const namespace = target.namespace ?? '';
  if (subresource) throw methodNotAllowed();
  const raw = await readBody(request);
  const body: Json = raw ? parseBody(raw, 'application/json') : {};
  const sent: JsonObject = isJsonObject(body) ? body : {};
  const preconditions = isJsonObject(sent.preconditions)
    ? sent.preconditions
    : {};
  const policy =
    text(sent.propagationPolicy) ?? query.get('propagationPolicy') ?? '';
  const options = {
    dryRun: isDryRun(query) || Array.isArray(sent.dryRun),
    preconditions: {
      uid: text(preconditions.uid),
      resourceVersion: text(preconditions.resourceVersion),
    },
  };
  const removeOne = (objectName: string) => {
    const at = { type, namespace, name: objectName };
    if (policy === 'Orphan') {
      context.collector.orphan(context.registry.get(at).metadata.uid ?? '');
    }
    return context.registry.delete(at, options);
  };
  if (name === undefined) {
    const list = context.lists.list({
      type,
      namespace: target.namespace,
      filter: filterOf(target, query),
    });
    for (const { metadata } of list.items) removeOne(metadata.name);
    return { code: 200, body: list };
  }
  const { object, gone } = removeOne(name);
  if (!gone) return { code: 200, body: object };
  return {
    code: 200,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name,
        ...(type.group ? { group: type.group } : {}),
        kind: type.plural,
        uid: object.metadata.uid,
      },
    },
  };
}
