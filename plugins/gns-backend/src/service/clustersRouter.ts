import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  createClusterRequestSchema,
  renewTokenQuerySchema,
  gnsClusterCreatePermission,
  gnsClusterDeletePermission,
  gnsClusterReadPermission,
  gnsClusterUpdatePermission,
  REST_PATH,
  type ClusterAction,
  type JoinToken,
} from '@isthmus/plugin-gns-common';
import { actionSubject } from '../consequences/clusterConsequences';
import { connectionOf } from '../connecting/connectionOf';
import { readConnection } from '../connecting/readConnection';
import type { Confirm, MintedToken } from '../members/ClusterStore';
import { confirmAction } from '../plans/PlanStore';
import { actorOf } from './actorOf';
import { audited } from './audited';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { joinInstructions } from './joinInstructions';
import { parseRequest } from './parseRequest';
import { readClusters } from './readClusters';
import { readJsonBody } from './readJsonBody';
import { requirePermission } from './requirePermission';
import { readPlan } from './writeHeaders';

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
  const answerToken = (
    minted: MintedToken,
    asked: { prometheusUrl?: string; restartWorkloads?: boolean },
  ): JoinToken => {
    const { prometheusUrl, restartWorkloads } = asked;
    return joinInstructions(minted, {
      hubUrl: hub.hubUrl,
      prometheusUrl,
      restartWorkloads,
    });
  };
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
  /** The consequences that were confirmed with `Gns-Plan`: what they announced passes. */
  const confirmOf = (
    request: Request,
    action: ClusterAction,
    actor: string,
  ): Confirm | undefined => {
    const hash = readPlan(request);
    if (hash === undefined) return undefined;
    const subject = actionSubject(action, request.params.name);
    return trx => confirmAction(trx, { hash, subject, actor, now: hub.now() });
  };
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
    response.status(201).json(answerToken(minted, body));
  });

  router.get(`${REST_PATH}/clusters/:name`, async (request, response) => {
    await allow(request, gnsClusterReadPermission);
    // Answers 404 for names that are not there.
    const { name } = await hub.clusters.get(request.params.name);
    response.json((await readClusters(hub)).find(c => c.name === name));
  });

  router.get(
    `${REST_PATH}/clusters/:name/connection`,
    async (request, response) => {
      await allow(request, gnsClusterReadPermission);
      const { name } = await hub.clusters.get(request.params.name);
      const snapshot = await hub.view.snapshot();
      const now = hub.now();
      response.json(
        connectionOf(
          await readConnection(hub.knex, name, {
            clusters: await readClusterFacts({
              ...hub,
              limits: hub.freshness,
              now,
            }),
            snapshot,
            result: hub.view.composed(snapshot),
            now,
          }),
        ),
      );
    },
  );

  router.delete(`${REST_PATH}/clusters/:name`, async (request, response) => {
    const credentials = await allow(request, gnsClusterDeletePermission);
    const { name } = request.params;
    const force = request.query.force === 'true';
    const actor = actorOf(credentials);
    await mutate(request, force ? 'forget' : 'disconnect', name, () =>
      hub.clusters.disconnect(name, {
        force,
        actor,
        confirm: confirmOf(request, 'disconnect', actor),
      }),
    );
    changed();
    response.status(202).end();
  });

  router.post(
    `${REST_PATH}/clusters/:name/token`,
    async (request, response) => {
      const credentials = await allow(request, gnsClusterCreatePermission);
      const { name } = request.params;
      const { prometheusUrl, restartWorkloads } = parseRequest(
        renewTokenQuerySchema,
        request.query,
        'query',
      );
      const minted = await mutate(request, 'renew-token', name, () =>
        hub.clusters.renewToken(name, actorOf(credentials)),
      );
      changed();
      response.status(201).json(
        answerToken(minted, {
          prometheusUrl,
          restartWorkloads: restartWorkloads === 'true',
        }),
      );
    },
  );

  for (const action of ['drain', 'undrain'] as const) {
    router.post(
      `${REST_PATH}/clusters/:name/${action}`,
      async (request, response) => {
        const credentials = await allow(request, gnsClusterUpdatePermission);
        const { name } = request.params;
        const actor = actorOf(credentials);
        await mutate(request, action, name, () =>
          hub.clusters.setDrained(name, action === 'drain', {
            actor,
            confirm: confirmOf(request, action, actor),
          }),
        );
        changed();
        response.status(204).end();
      },
    );
  }

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
