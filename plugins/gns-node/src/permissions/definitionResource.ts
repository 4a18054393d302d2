import { createPermissionResourceRef } from '@backstage/plugin-permission-node';
import {
  PLUGIN_ID,
  RESOURCE_TYPE_DEFINITION,
  type Definition,
} from '@isthmus/plugin-gns-common';

/** What a rule asks of the store: the owner is one of these, lower case. */
export interface DefinitionFilter {
  readonly property: 'owner';
  readonly values: readonly string[];
}

/** Definitions as the permission framework sees them; the reference is `Kind:[gns/]name`. */
export const definitionResourceRef = createPermissionResourceRef<
  Definition,
  DefinitionFilter
>().with({
  pluginId: PLUGIN_ID,
  resourceType: RESOURCE_TYPE_DEFINITION,
});
