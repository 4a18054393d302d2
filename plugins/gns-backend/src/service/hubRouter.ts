import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  gnsClusterReadPermission,
  REST_PATH,
  type HubStatus,
} from '@isthmus/plugin-gns-common';
import type { AuthorityHub } from '../authority/AuthorityHub';
import { readHub } from '../delivery/hubState';
import { isSimulated } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { requirePermission } from './requirePermission';

/** One word for all: the first authority that cannot sign, or that all can; nothing where none is kept. */
function hubAvailability({
  keeper,
}: AuthorityHub): Pick<HubStatus, 'authorities'> {
  const all = [...keeper.availabilities.values()];
  const troubled = all.find(a => a.state === 'unavailable');
  if (troubled) return { authorities: troubled };
  return all.length > 0 ? { authorities: { state: 'signing' } } : {};
}

/** `/v1/hub`: state of the hub itself, for banners. */
export function createHubRouter(
  hub: HubContext,
  authorities: AuthorityHub,
): Router {
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
      ...hubAvailability(authorities),
    };
    response.json(answer);
  });
  return router;
}
