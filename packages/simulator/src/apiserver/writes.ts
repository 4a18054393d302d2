import type { IncomingMessage } from 'node:http';
import type { Answer } from './answers';
import type { Json, JsonObject } from './objects';
import { isJsonObject } from './objects';
import { isTrue } from './queryParameters';
import { filterOf } from './reads';
import type { Written } from './registry';
import { parseBody, readBody, readJson } from './requestBody';
import type { RequestContext } from './requestContext';
import type { ResourceRequest } from './requestInfo';
import { writeScale } from './scale';
import { ApiStatusError, methodNotAllowed } from './statusErrors';

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

/** Kinds whose deletion is answered with the object instead of a Status. */
const ANSWERED_WHEN_DELETED = new Set([
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Pod',
  'ResourceQuota',
  'Service',
  'ServiceAccount',
]);

/** Answers create, update, patch and delete. */
export async function write(
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
  const body = await readJson(request);
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
  if (!gone || (type.group === '' && ANSWERED_WHEN_DELETED.has(type.kind))) {
    return { code: 200, body: object };
  }
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
