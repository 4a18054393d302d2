import type { TokenAuthenticator, UserInfo } from './authentication';
import { API_AUDIENCE } from './authentication';
import type { RbacAuthorizer } from './authorization';
import type { Json, JsonObject } from './objects';
import { isJsonObject } from './objects';
import { findResource } from './resources';
import { badRequest, notFound } from './statusErrors';
import type { ObjectStore } from './store';

const SERVICE_ACCOUNTS = findResource('v1', 'serviceaccounts')!;
const DEFAULT_TOKEN_SECONDS = 3600;

function specOf(body: Json): JsonObject {
  if (!isJsonObject(body)) throw badRequest('the request body is no object');
  return isJsonObject(body.spec) ? body.spec : {};
}

function textList(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `authentication.k8s.io/v1` TokenReview. */
export function reviewToken(
  authenticator: TokenAuthenticator,
  body: Json,
): JsonObject {
  const spec = specOf(body);
  const wanted = textList(spec.audiences);
  const result = authenticator.check(
    text(spec.token) ?? '',
    wanted.length > 0 ? wanted : [API_AUDIENCE],
  );
  const status: JsonObject = result.ok
    ? {
        authenticated: true,
        user: { ...result.user } as unknown as JsonObject,
        audiences: result.audiences,
      }
    : { user: {}, error: result.error };
  return {
    kind: 'TokenReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {},
    spec,
    status,
  };
}

/** SelfSubjectAccessReview, and SubjectAccessReview with a user in its spec. */
export function reviewAccess(
  authorizer: RbacAuthorizer,
  kind: 'SelfSubjectAccessReview' | 'SubjectAccessReview',
  caller: UserInfo,
  body: Json,
): JsonObject {
  const spec = specOf(body);
  const user: UserInfo =
    kind === 'SelfSubjectAccessReview'
      ? caller
      : { username: text(spec.user) ?? '', groups: textList(spec.groups) };
  const asked = isJsonObject(spec.resourceAttributes)
    ? spec.resourceAttributes
    : undefined;
  const allowed = asked
    ? authorizer.isAllowed(user, {
        verb: text(asked.verb) ?? '',
        group: text(asked.group) ?? '',
        resource: text(asked.resource) ?? '',
        subresource: text(asked.subresource),
        namespace: text(asked.namespace),
        name: text(asked.name),
      })
    : user.groups.includes('system:masters');
  return {
    kind,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: { allowed },
  };
}

/** The `token` subresource of a service account. */
export function requestToken(
  store: ObjectStore,
  authenticator: TokenAuthenticator,
  namespace: string,
  name: string,
  body: Json,
): JsonObject {
  const account = store.get(SERVICE_ACCOUNTS, namespace, name);
  if (!account) throw notFound(SERVICE_ACCOUNTS, name);
  const spec = specOf(body);
  const audiences = textList(spec.audiences);
  const seconds = Number(spec.expirationSeconds ?? DEFAULT_TOKEN_SECONDS);
  const expires = Math.floor(Date.now() / 1000) + seconds;
  const bound = isJsonObject(spec.boundObjectRef) ? spec.boundObjectRef : null;
  const token = authenticator.issue({
    namespace,
    name,
    uid: account.metadata.uid ?? '',
    audiences: audiences.length > 0 ? audiences : [API_AUDIENCE],
    expires,
    ...(bound?.kind === 'Pod'
      ? { pod: { name: String(bound.name), uid: String(bound.uid ?? '') } }
      : {}),
  });
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace },
    spec: {
      audiences: audiences.length > 0 ? audiences : [API_AUDIENCE],
      expirationSeconds: seconds,
      boundObjectRef: bound,
    },
    status: {
      token,
      expirationTimestamp: `${new Date(expires * 1000)
        .toISOString()
        .slice(0, 19)}Z`,
    },
  };
}
