import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  gnsClusterReadPermission,
  REST_PATH,
  type HubStatus,
} from '@isthmus/plugin-gns-common';
import { readHub } from '../delivery/hubState';
import { isSimulated } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { requirePermission } from './requirePermission';

/** `/v1/hub`: state of the hub itself, for banners. */
export function createHubRouter(hub: HubContext): Router {
  const router = PromiseRouter();
  router.get(`${REST_PATH}/hub`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await requirePermission(
      hub.permissions,
      gnsClusterReadPermission,
      credentials,
    );
    const state = await readHub(hub.knex);
    const [{ count }] = await hub
      .knex('gns_holds')
      .where({ state: 'open' })
      .count({ count: '*' });
    const answer: HubStatus = {
      hubId: state.hubId,
      term: state.term,
      readOnly: state.readOnly,
      ...(state.readOnlyReason ? { readOnlyReason: state.readOnlyReason } : {}),
      simulatedClusters: (await hub.clusters.list()).filter(isSimulated).length,
      openHolds: Number(count),
    };
    response.json(answer);
  });
  return router;
}
