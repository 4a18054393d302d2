import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  gnsPermissions,
  parseRef,
  RESOURCE_TYPE_DEFINITION,
} from '@isthmus/plugin-gns-common';
import {
  definitionResourceRef,
  definitionRules,
} from '@isthmus/plugin-gns-node';
import type { DefinitionStore } from './DefinitionStore';

/** Makes permissions, resource type and rules known. Once per plugin, before any router is made. */
export function registerPermissions(
  permissionsRegistry: PermissionsRegistryService,
  store: Pick<DefinitionStore, 'get'>,
): void {
  const ofDefinitions = gnsPermissions.filter(
    permission =>
      'resourceType' in permission &&
      permission.resourceType === RESOURCE_TYPE_DEFINITION,
  );
  permissionsRegistry.addResourceType({
    resourceRef: definitionResourceRef,
    permissions: ofDefinitions,
    rules: Object.values(definitionRules),
    getResources: refs =>
      Promise.all(
        refs.map(async ref => (await store.get(parseRef(ref)))?.definition),
      ),
  });
  permissionsRegistry.addPermissions(
    gnsPermissions.filter(permission => !ofDefinitions.includes(permission)),
  );
}
