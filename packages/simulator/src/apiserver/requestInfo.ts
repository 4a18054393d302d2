import type { ResourceType } from './resources';
import { findResource } from './resources';

/** What a request URL asks for. */
export interface ResourceRequest {
  type: ResourceType;
  apiVersion: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** A path under `/api/v1` or `/apis/<group>/<version>`, cut into its parts. */
export interface ApiPath {
  group: string;
  version: string;
  apiVersion: string;
  namespace?: string;
  plural: string;
  name?: string;
  subresource?: string;
}

/** Cuts a URL path; undefined when it names no resource. */
export function parseApiPath(pathname: string): ApiPath | undefined {
  const parts = pathname.split('/').filter(part => part !== '');
  let group = '';
  let rest: string[];
  let version: string;
  if (parts[0] === 'api' && parts.length > 2) {
    [, version, ...rest] = parts;
  } else if (parts[0] === 'apis' && parts.length > 3) {
    [, group, version, ...rest] = parts;
  } else {
    return undefined;
  }
  const apiVersion = group ? `${group}/${version}` : version;
  rest = rest.map(decodeURIComponent);
  const common = { group, version, apiVersion };
  // `/namespaces/x` and `/namespaces/x/status` are the namespace itself.
  if (
    rest[0] === 'namespaces' &&
    rest.length > 2 &&
    !(group === '' && ['status', 'finalize'].includes(rest[2]))
  ) {
    const [, namespace, plural, name, subresource] = rest;
    return { ...common, namespace, plural, name, subresource };
  }
  const [plural, name, subresource] = rest;
  return { ...common, plural, name, subresource };
}

/** The stored resource that a path names; undefined when there is none. */
export function resolveResource(path: ApiPath): ResourceRequest | undefined {
  const type = findResource(path.apiVersion, path.plural);
  if (!type) return undefined;
  const { namespace, name, subresource } = path;
  if (!type.namespaced && namespace !== undefined) return undefined;
  if (type.namespaced && namespace === undefined && name !== undefined) {
    return undefined;
  }
  return { type, apiVersion: path.apiVersion, namespace, name, subresource };
}

/** The one name that a list or watch asks for: roles with `resourceNames` allow that. */
export function selectedName(query: URLSearchParams): string | undefined {
  const fields = query.get('fieldSelector')?.split(',') ?? [];
  return fields
    .map(field => /^metadata\.name==?([^=].*)$/.exec(field)?.[1])
    .find(name => name !== undefined);
}
