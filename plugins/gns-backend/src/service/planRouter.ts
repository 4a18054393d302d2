import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { planRequestSchema, REST_PATH } from '@isthmus/plugin-gns-common';
import { readPauses } from '../delivery/reconcileInput';
import { makePlan } from '../plans/makePlan';
import { rememberPlan } from '../plans/PlanStore';
import { audited } from './audited';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';

const MAX_BODY = 8 * 1024 * 1024;

/** `/v1/plan`: what a change would do, without doing it. */
export function createPlanRouter(hub: HubContext): Router {
  const router = PromiseRouter();

  router.post(`${REST_PATH}/plan`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const body = parseRequest(
      planRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const mayRead = await hub.authorizer.readablePredicate(credentials);
    const plan = await audited(
      hub.auditor,
      { eventId: 'plan', request, severityLevel: 'low' },
      async () => {
        const made = await makePlan(
          {
            ...hub,
            mayRead,
            pauses: () => readPauses(hub.knex),
            coverage: async () =>
              (
                await readClusterFacts({
                  ...hub,
                  limits: hub.freshness,
                  now: hub.now(),
                })
              ).map(f => f.coverage),
          },
          body,
        );
        if (made.remembered) {
          await rememberPlan(hub.knex, made.remembered, hub.now());
        }
        return made.plan;
      },
    );
    response.json(plan);
  });
  return router;
}
