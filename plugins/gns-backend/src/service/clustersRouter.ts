import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  createClusterRequestSchema,
  gnsClusterCreatePermission,
  gnsClusterDeletePermission,
  gnsClusterReadPermission,
  gnsClusterUpdatePermission,
  REST_PATH,
  type JoinToken,
} from '@isthmus/plugin-gns-common';
import type { MintedToken } from '../members/ClusterStore';
import { actorOf } from './actorOf';
import { audited } from './audited';
import type { HubContext } from './HubContext';
import { joinInstructions } from './joinInstructions';
import { parseRequest } from './parseRequest';
import { readClusters } from './readClusters';
import { readJsonBody } from './readJsonBody';
import { requirePermission } from './requirePermission';

const MAX_BODY = 64 * 1024;

/** `/v1/clusters`: member clusters for people. */
export function createClustersRouter(hub: HubContext): Router {
  const router = PromiseRouter();
  const allow = async (
    request: Request,
    permission: Parameters<typeof requirePermission>[1],
  ) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await requirePermission(hub.permissions, permission, credentials);
    return credentials;
  };
  const answerToken = (minted: MintedToken): JoinToken =>
    joinInstructions(minted, hub.hubUrl);
  const mutate = <T>(
    request: Request,
    actionType: string,
    cluster: string,
    work: () => Promise<T>,
  ) =>
    audited(
      hub.auditor,
      {
        eventId: 'cluster-mutate',
        request,
        severityLevel: 'medium',
        meta: { actionType, cluster },
      },
      work,
    );
  const changed = () => {
    hub.reconcile();
    hub.signal('clusters');
  };

  router.get(`${REST_PATH}/clusters`, async (request, response) => {
    await allow(request, gnsClusterReadPermission);
    response.json({ items: await readClusters(hub) });
  });

  router.post(`${REST_PATH}/clusters`, async (request, response) => {
    const credentials = await allow(request, gnsClusterCreatePermission);
    const body = parseRequest(
      createClusterRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const minted = await mutate(request, 'create', body.name, () =>
      hub.clusters.register(body, actorOf(credentials)),
    );
    changed();
    response.status(201).json(answerToken(minted));
  });

  router.get(`${REST_PATH}/clusters/:name`, async (request, response) => {
    await allow(request, gnsClusterReadPermission);
    // Answers 404 for names that are not there.
    const { name } = await hub.clusters.get(request.params.name);
    response.json((await readClusters(hub)).find(c => c.name === name));
  });

  router.delete(`${REST_PATH}/clusters/:name`, async (request, response) => {
    const credentials = await allow(request, gnsClusterDeletePermission);
    const { name } = request.params;
    const force = request.query.force === 'true';
    await mutate(request, force ? 'forget' : 'disconnect', name, () =>
      hub.clusters.disconnect(name, { force, actor: actorOf(credentials) }),
    );
    changed();
    response.status(202).end();
  });

  router.post(
    `${REST_PATH}/clusters/:name/token`,
    async (request, response) => {
      const credentials = await allow(request, gnsClusterCreatePermission);
      const { name } = request.params;
      const minted = await mutate(request, 'renew-token', name, () =>
        hub.clusters.renewToken(name, actorOf(credentials)),
      );
      changed();
      response.status(201).json(answerToken(minted));
    },
  );

  for (const action of ['pause', 'resume'] as const) {
    router.post(
      `${REST_PATH}/clusters/:name/${action}`,
      async (request, response) => {
        const credentials = await allow(request, gnsClusterUpdatePermission);
        const { name } = request.params;
        await mutate(request, action, name, () =>
          hub.clusters.setPaused(
            name,
            action === 'pause',
            actorOf(credentials),
          ),
        );
        changed();
        response.status(204).end();
      },
    );
  }
  return router;
}
