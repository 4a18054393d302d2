import type { Json, JsonObject, KubernetesObject } from './objects';
import { isJsonObject } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';
import { badRequest } from './statusErrors';

/** Checks that the body is an object of this kind, place and name. */
export function decodeObject(
  type: ResourceType,
  namespace: string,
  name: string | undefined,
  body: Json,
): KubernetesObject {
  const apiVersion = apiVersionOf(type);
  // The URL says what a built-in object is; a custom one says it itself.
  const said: JsonObject = type.custom ? {} : { kind: type.kind, apiVersion };
  const sent: Json = isJsonObject(body) ? { ...said, ...body } : body;
  if (!isJsonObject(sent) || !sent.kind || !sent.apiVersion) {
    throw badRequest(
      `Object 'Kind' is missing in '${JSON.stringify(body).slice(0, 200)}'`,
    );
  }
  if (sent.kind !== type.kind || sent.apiVersion !== apiVersion) {
    throw badRequest(
      `${sent.kind} in version ${JSON.stringify(
        sent.apiVersion,
      )} cannot be handled as a ${type.kind}`,
    );
  }
  const metadata = isJsonObject(sent.metadata) ? sent.metadata : {};
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  if (name !== undefined && metadata.name && metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  return {
    ...sent,
    metadata: {
      ...metadata,
      name: name ?? metadata.name ?? '',
      ...(namespace ? { namespace } : {}),
    },
  } as unknown as KubernetesObject;
}
