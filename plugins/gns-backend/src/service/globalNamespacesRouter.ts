import { NotFoundError } from '@backstage/errors';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  gnsRolloutApprovePermission,
  REST_PATH,
} from '@isthmus/plugin-gns-common';
import { topologyOf } from '../composition';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import { actorOf } from './actorOf';
import { audited } from './audited';
import { readClusterFacts } from './clusterAnswers';
import { toStatus, toSummary } from './gnsAnswers';
import { readGnsContexts } from './gnsContexts';
import type { HubContext } from './HubContext';
import { requirePermission } from './requirePermission';

/** `/v1/global-namespaces`: what became of the definitions. */
export function createGlobalNamespacesRouter(hub: HubContext): Router {
  const router = PromiseRouter();
  const credentialsOf = (request: Request) =>
    hub.httpAuth.credentials(request, { allow: ['user', 'service'] });

  /** The definition, if the caller may read it; else 404. */
  const readable = async (request: Request): Promise<DefinitionRecord> => {
    const ref = { kind: 'GlobalNamespace', name: request.params.name };
    return hub.authorizer.require(
      await credentialsOf(request),
      'read',
      ref,
      await hub.definitions.get(ref),
    );
  };

  router.get(`${REST_PATH}/global-namespaces`, async (request, response) => {
    const mayRead = await hub.authorizer.readablePredicate(
      await credentialsOf(request),
    );
    const records = (
      await hub.definitions.list({ kind: 'GlobalNamespace' })
    ).filter(r => mayRead(r.definition));
    const all = await readGnsContexts(hub, records, await hub.view.snapshot());
    response.json({ items: all.map(toSummary) });
  });

  router.get(
    `${REST_PATH}/global-namespaces/:name`,
    async (request, response) => {
      const record = await readable(request);
      const [context] = await readGnsContexts(
        hub,
        [record],
        await hub.view.snapshot(),
      );
      response.json(toStatus(context));
    },
  );

  router.get(
    `${REST_PATH}/global-namespaces/:name/topology`,
    async (request, response) => {
      const record = await readable(request);
      const { name } = record.definition.metadata;
      const snapshot = await hub.view.snapshot();
      const result = hub.view.composed(snapshot);
      const gns =
        snapshot.stored.get(name)?.composed ??
        result.globalNamespaces.get(name);
      if (!gns) {
        throw new NotFoundError(
          `There is no picture of the global namespace "${name}": it could not be composed`,
        );
      }
      const facts = await readClusterFacts({
        ...hub,
        limits: hub.freshness,
        now: hub.now(),
      });
      response.json(
        topologyOf({
          gns,
          result,
          clusters: snapshot.input.clusters,
          coverage: facts.map(f => f.coverage),
          generatedAt: new Date(hub.now()).toISOString(),
        }),
      );
    },
  );

  for (const action of ['pause', 'resume'] as const) {
    router.post(
      `${REST_PATH}/global-namespaces/:name/${action}`,
      async (request, response) => {
        const credentials = await credentialsOf(request);
        const record = await readable(request);
        await requirePermission(
          hub.permissions,
          gnsRolloutApprovePermission,
          credentials,
        );
        const { name } = record.definition.metadata;
        const actor = actorOf(credentials);
        await audited(
          hub.auditor,
          {
            eventId: 'global-namespace-mutate',
            request,
            severityLevel: 'medium',
            meta: { actionType: action, gns: name },
          },
          () =>
            hub.knex.transaction(async trx => {
              if (action === 'pause') {
                await trx('gns_pauses')
                  .insert({
                    gns: name,
                    paused_by: actor,
                    paused_at: new Date(hub.now()).toISOString(),
                  })
                  .onConflict('gns')
                  .ignore();
              } else {
                await trx('gns_pauses').where({ gns: name }).delete();
              }
              await hub.audit(
                {
                  actor,
                  action,
                  subject: `GlobalNamespace:${name}`,
                  message: '',
                },
                trx,
              );
            }),
        );
        hub.reconcile();
        hub.signal('status', name);
        response.status(204).end();
      },
    );
  }
  return router;
}
