import {
  coreServices,
  createBackendPlugin,
  type AuditorService,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { Router } from 'express';
import type { Knex } from 'knex';
import {
  gnsPermissions,
  type DefinitionRef,
  type Problem,
} from '@isthmus/plugin-gns-common';
import {
  createDefinitionConditionalDecision,
  definitionConditions,
} from '@isthmus/plugin-gns-node';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import type { DefinitionChecker } from '../definitions/DefinitionStore';
import { registerPermissions } from '../definitions/registerPermissions';
import { createDefinitionsRouter } from '../service/definitionsRouter';

/** A policy in one function: what a user gets for a permission. */
export type TestPolicy = (
  permission: string,
  user: string,
) => 'allow' | 'deny' | { ownedBy: string[] };

function userOf(credentials: BackstageCredentials): string {
  const principal = credentials.principal as { userEntityRef?: string };
  return principal.userEntityRef ?? 'service';
}

/** The real router in a real backend; only policy, auditor and checker are ours. */
export async function startDefinitionsBackend(options: { knex: Knex }) {
  const state: {
    policy: TestPolicy;
    problems: Problem[];
    /** Runs inside every check, to write meanwhile. */
    duringCheck: () => Promise<void>;
    /** Why the hub takes no writes. */
    readOnly: string | undefined;
  } = {
    readOnly: undefined,
    policy: () => 'allow',
    problems: [],
    duringCheck: async () => {},
  };
  const store = DatabaseDefinitionStore.create({ knex: options.knex });
  const told: Array<{ refs: readonly DefinitionRef[]; plan?: string }> = [];
  const events: Array<{ eventId: string; outcome: string; meta: unknown }> = [];

  const decide = (name: string, user: string): PolicyDecision => {
    const decision = state.policy(name, user);
    if (decision === 'allow') return { result: AuthorizeResult.ALLOW };
    if (decision === 'deny') return { result: AuthorizeResult.DENY };
    const permission = gnsPermissions.find(p => p.name === name);
    if (!permission || !('resourceType' in permission)) {
      throw new Error(`${name} has no resources`);
    }
    return createDefinitionConditionalDecision(
      permission,
      definitionConditions.isDefinitionOwner({ claims: decision.ownedBy }),
    );
  };
  const checker: DefinitionChecker = {
    check: async () => {
      await state.duringCheck();
      return state.problems;
    },
  };
  const auditor: AuditorService = {
    createEvent: async ({ eventId, meta }) => ({
      success: async result => {
        events.push({
          eventId,
          outcome: 'success',
          meta: { ...meta, ...result?.meta },
        });
      },
      fail: async ({ error }) => {
        events.push({ eventId, outcome: error.name, meta });
      },
    }),
  };
  let router: Router | undefined;
  const plugin = createBackendPlugin({
    pluginId: 'gns',
    register(env) {
      env.registerInit({
        deps: {
          httpRouter: coreServices.httpRouter,
          httpAuth: coreServices.httpAuth,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
          logger: coreServices.logger,
        },
        async init({ httpRouter, permissionsRegistry, ...deps }) {
          registerPermissions(permissionsRegistry, store);
          router = createDefinitionsRouter({
            ...deps,
            permissionsRegistry,
            store,
            checker,
            auditor,
            listener: { definitionsChanged: change => told.push(change) },
            assertWritable: async () => {
              if (state.readOnly) {
                throw new ServiceUnavailableError(state.readOnly);
              }
            },
          });
          httpRouter.use(router);
        },
      });
    },
  });
  const backend = await startTestBackend({
    features: [
      plugin,
      mockServices.permissions.mock({
        authorize: async (requests, { credentials }) =>
          requests.map(({ permission }) => {
            const decision = decide(permission.name, userOf(credentials));
            return decision.result === AuthorizeResult.CONDITIONAL
              ? { result: AuthorizeResult.DENY }
              : decision;
          }),
        authorizeConditional: async (requests, { credentials }) =>
          requests.map(({ permission }) =>
            decide(permission.name, userOf(credentials)),
          ),
      }).factory,
    ],
  });
  if (!router) throw new Error('The plugin did not start');
  return {
    backend,
    server: backend.server,
    router,
    store,
    told,
    events,
    state,
  };
}
