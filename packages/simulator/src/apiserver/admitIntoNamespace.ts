import type { ResourceType } from './resources';
import { findResource } from './resources';
import { ApiStatusError, notFound } from './statusErrors';
import type { ObjectStore } from './store';

export const NAMESPACES = findResource('v1', 'namespaces')!;

/** Throws unless the namespace is there and takes new objects. */
export function admitIntoNamespace(
  store: ObjectStore,
  type: ResourceType,
  namespace: string,
  name: string,
) {
  if (!type.namespaced) return;
  const home = store.get(NAMESPACES, '', namespace);
  if (!home) throw notFound(NAMESPACES, namespace);
  if (home.metadata.deletionTimestamp) {
    throw new ApiStatusError(
      403,
      'Forbidden',
      `${type.plural} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      {
        name,
        ...(type.group ? { group: type.group } : {}),
        kind: type.plural,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      },
    );
  }
}
