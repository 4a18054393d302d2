import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type PermissionCriteria,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import {
  definitionResourceRef,
  type DefinitionFilter,
} from '@isthmus/plugin-gns-node';
import {
  formatRef,
  gnsDefinitionCreatePermission,
  gnsDefinitionDeletePermission,
  gnsDefinitionReadPermission,
  gnsDefinitionUpdatePermission,
  type Definition,
  type DefinitionRef,
} from '@isthmus/plugin-gns-common';

import { PreconditionFailedError } from '../service/errors';

const CHANGES = {
  update: gnsDefinitionUpdatePermission,
  delete: gnsDefinitionDeletePermission,
};

/** What a caller may see of all definitions. */
export type Readable =
  | { type: 'all' }
  | { type: 'none' }
  | { type: 'matching'; criteria: PermissionCriteria<DefinitionFilter> };

/**
 * Asks the permission framework about definitions. What a caller may not read
 * does not exist for them: 404, never 403.
 */
export class DefinitionAuthorizer {
  readonly #permissions: PermissionsService;
  readonly #allows: (
    decision: PolicyDecision,
    definition: Definition | undefined,
  ) => boolean;
  readonly #toFilter: ReturnType<
    typeof createConditionTransformer<DefinitionFilter>
  >;

  private constructor(
    permissions: PermissionsService,
    registry: PermissionsRegistryService,
  ) {
    const rules = registry.getPermissionRuleset(definitionResourceRef);
    this.#permissions = permissions;
    this.#allows = createConditionAuthorizer(rules);
    this.#toFilter = createConditionTransformer(rules);
  }

  /** Call {@link registerPermissions} first. */
  static create(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
  }) {
    return new DefinitionAuthorizer(
      options.permissions,
      options.permissionsRegistry,
    );
  }

  /** For lists: what to ask of the store. */
  async readable(credentials: BackstageCredentials): Promise<Readable> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: gnsDefinitionReadPermission }],
      { credentials },
    );
    switch (decision.result) {
      case AuthorizeResult.ALLOW:
        return { type: 'all' };
      case AuthorizeResult.CONDITIONAL:
        return {
          type: 'matching',
          criteria: this.#toFilter(decision.conditions),
        };
      default:
        return { type: 'none' };
    }
  }

  /** For what is made of definitions (status, plan): tells which of them the caller may read. */
  async readablePredicate(
    credentials: BackstageCredentials,
  ): Promise<(definition: Definition) => boolean> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: gnsDefinitionReadPermission }],
      { credentials },
    );
    return definition => this.#allows(decision, definition);
  }

  /**
   * Answers the subject if the caller may read it, and change it where asked.
   * @throws NotFoundError when there is none or the caller may not read it
   * @throws NotAllowedError when the caller may read but not change it
   */
  async require<T extends { definition: Definition }>(
    credentials: BackstageCredentials,
    action: 'read' | 'update' | 'delete',
    ref: DefinitionRef,
    found: T | undefined,
  ): Promise<T> {
    const [read, change] = await this.#permissions.authorizeConditional(
      [
        { permission: gnsDefinitionReadPermission },
        ...(action === 'read' ? [] : [{ permission: CHANGES[action] }]),
      ],
      { credentials },
    );
    if (!found || !this.#allows(read, found.definition)) {
      throw new NotFoundError(
        `There is no ${formatRef(ref)}, or you may not read it`,
      );
    }
    if (change && !this.#allows(change, found.definition)) {
      throw new NotAllowedError(
        `You may not ${action} ${formatRef(
          ref,
        )}: the permission gns.definition.${action} is missing. Ask its owner (${
          found.definition.metadata.owner ?? 'none is named'
        }) or a platform admin.`,
      );
    }
    return found;
  }

  /**
   * A name that is taken cannot be kept secret from who wants to create it;
   * everything else about the definition can.
   * @throws PreconditionFailedError when the caller may not read what has the name
   */
  async refuseHiddenName(
    credentials: BackstageCredentials,
    ref: DefinitionRef,
    found: { definition: Definition } | undefined,
  ): Promise<void> {
    if (!found) return;
    const mayRead = await this.readablePredicate(credentials);
    if (!mayRead(found.definition)) {
      throw new PreconditionFailedError(
        `The name ${formatRef(ref)} is taken. Choose another one.`,
      );
    }
  }

  /** @throws NotAllowedError */
  async requireCreate(
    credentials: BackstageCredentials,
    ref: DefinitionRef,
  ): Promise<void> {
    const [decision] = await this.#permissions.authorize(
      [{ permission: gnsDefinitionCreatePermission }],
      { credentials },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You may not create ${formatRef(
          ref,
        )}: the permission gns.definition.create is missing. Ask a platform admin.`,
      );
    }
  }
}
