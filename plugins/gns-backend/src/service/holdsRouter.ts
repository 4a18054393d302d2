import { InputError, isError } from '@backstage/errors';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  gnsClusterReadPermission,
  gnsRolloutApprovePermission,
  holdDecisionSchema,
  holdsDecisionSchema,
  REST_PATH,
  showValue,
  type HoldsDecided,
} from '@isthmus/plugin-gns-common';
import { carryOutDecision } from '../delivery/carryOutDecision';
import { listHolds, toHold } from '../delivery/HoldStore';
import { actorOf } from './actorOf';
import { audited } from './audited';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';
import { isAllowed, requirePermission } from './requirePermission';

const MAX_BODY = 64 * 1024;

/** What a person can learn of: the rest is a fault of ours. */
const PERSONS_ERRORS = new Set(['NotFoundError', 'ConflictError']);

/** `/v1/holds`: what waits for a person. */
export function createHoldsRouter(hub: HubContext): Router {
  const router = PromiseRouter();

  router.get(`${REST_PATH}/holds`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await requirePermission(
      hub.permissions,
      gnsClusterReadPermission,
      credentials,
    );
    const { state = 'open' } = request.query;
    if (state !== 'open' && state !== 'all') {
      throw new InputError(
        `query.state: ${showValue(state)} is not known. Write open or all`,
      );
    }
    const mayDecide = await isAllowed(
      hub.permissions,
      gnsRolloutApprovePermission,
      credentials,
    );
    const holds = await listHolds(hub.knex, state);
    response.json({ items: holds.map(h => toHold(h, mayDecide)) });
  });

  router.post(`${REST_PATH}/holds/decide`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await requirePermission(
      hub.permissions,
      gnsRolloutApprovePermission,
      credentials,
    );
    const { ids, decision, reason } = parseRequest(
      holdsDecisionSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const items: HoldsDecided['items'] = [];
    for (const id of new Set(ids)) {
      try {
        const hold = await audited(
          hub.auditor,
          {
            eventId: 'hold-decide',
            request,
            severityLevel: 'high',
            meta: { actionType: decision, hold: id },
          },
          () =>
            carryOutDecision(
              hub.knex,
              id,
              {
                state: decision === 'release' ? 'released' : 'refused',
                by: actorOf(credentials),
                reason,
                now: hub.now(),
              },
              hub.audit,
            ),
        );
        hub.signal('holds', hold.gns);
        items.push({ id, result: 'decided', hold: toHold(hold, true) });
      } catch (error) {
        // Gone, or decided by somebody else: the others are decided all the same.
        if (!isError(error) || !PERSONS_ERRORS.has(error.name)) throw error;
        const { name, message } = error;
        items.push({ id, result: 'failed', error: name, message });
      }
    }
    hub.reconcile();
    response.json({ items });
  });

  for (const [action, state] of [
    ['release', 'released'],
    ['refuse', 'refused'],
  ] as const) {
    router.post(
      `${REST_PATH}/holds/:id/${action}`,
      async (request, response) => {
        const credentials = await hub.httpAuth.credentials(request, {
          allow: ['user', 'service'],
        });
        await requirePermission(
          hub.permissions,
          gnsRolloutApprovePermission,
          credentials,
        );
        const { reason } = parseRequest(
          holdDecisionSchema,
          (await readJsonBody(request, response, MAX_BODY)) ?? {},
          'body',
        );
        const hold = await audited(
          hub.auditor,
          {
            eventId: 'hold-decide',
            request,
            severityLevel: 'high',
            meta: { actionType: action, hold: request.params.id },
          },
          () =>
            carryOutDecision(
              hub.knex,
              request.params.id,
              { state, by: actorOf(credentials), reason, now: hub.now() },
              hub.audit,
            ),
        );
        hub.reconcile();
        hub.signal('holds', hold.gns);
        response.json(toHold(hold, true));
      },
    );
  }
  return router;
}
