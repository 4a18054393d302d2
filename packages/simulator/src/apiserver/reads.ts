import type { ServerResponse } from 'node:http';
import type { Answer } from './answers';
import { integerParameter, isTrue } from './queryParameters';
import type { RequestContext } from './requestContext';
import type { ResourceRequest } from './requestInfo';
import { scaleOf } from './scale';
import type { ObjectFilter } from './selectors';
import { parseFieldSelector, parseLabelSelector } from './selectors';
import { ApiStatusError } from './statusErrors';

const DEFAULT_WATCH_SECONDS = 1800;

/** Answers get, list and watch; a watch answers itself. */
export function read(
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
      limit: integerParameter(query, 'limit'),
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
      timeoutSeconds:
        integerParameter(query, 'timeoutSeconds') || DEFAULT_WATCH_SECONDS,
    },
    response,
  );
}

/** The selection that a query states; undefined: everything. */
export function filterOf(
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
