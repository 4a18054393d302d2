import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  gnsPermissions,
  gnsDefinitionDeletePermission,
  gnsDefinitionUpdatePermission,
  RESOURCE_TYPE_DEFINITION,
} from '@isthmus/plugin-gns-common';

/**
 * The policy of this portal, small enough to read in a minute: admins
 * (`portal.admins`, users or groups) may do everything; everyone who is signed
 * in may read; owners may change and delete their own global namespaces;
 * everything else of Isthmus is refused. The permissions of other plugins are
 * open to everyone who is signed in, as in Backstage without a policy.
 */
export class PortalPolicy implements PermissionPolicy {
  readonly #admins: ReadonlySet<string>;

  constructor(admins: readonly string[]) {
    this.#admins = new Set(admins.map(ref => ref.toLowerCase()));
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const refs = user?.info.ownershipEntityRefs ?? [];
    if (refs.some(ref => this.#admins.has(ref.toLowerCase()))) {
      return { result: AuthorizeResult.ALLOW };
    }
    const { permission } = request;
    if (
      (isPermission(permission, gnsDefinitionUpdatePermission) ||
        isPermission(permission, gnsDefinitionDeletePermission)) &&
      isResourcePermission(permission, RESOURCE_TYPE_DEFINITION) &&
      refs.length > 0
    ) {
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'gns',
        resourceType: RESOURCE_TYPE_DEFINITION,
        conditions: {
          rule: 'IS_OWNER',
          resourceType: RESOURCE_TYPE_DEFINITION,
          params: { claims: refs },
        },
      };
    }
    const ours = gnsPermissions.some(p => p.name === permission.name);
    if (permission.attributes.action === 'read' && user) {
      return { result: AuthorizeResult.ALLOW };
    }
    return {
      result: !ours && user ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
    };
  }
}
