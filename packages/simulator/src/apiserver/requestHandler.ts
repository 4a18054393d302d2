import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './answers';
import { send, sendError } from './answers';
import type { UserInfo } from './authentication';
import { discoveryDocument, openApiDocument } from './discovery';
import { isTrue } from './queryParameters';
import { read } from './reads';
import type { RequestContext } from './requestContext';
import type { ApiPath, ResourceRequest } from './requestInfo';
import { parseApiPath, resolveResource, selectedName } from './requestInfo';
import { isScalable } from './scale';
import { noSuchResource, unauthorized } from './statusErrors';
import { virtualResource } from './virtualResources';
import { write } from './writes';

const HEALTH = new Set(['/healthz', '/livez', '/readyz']);

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
