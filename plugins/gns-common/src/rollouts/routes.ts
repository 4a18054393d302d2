import type { Route } from '../rest/routes';
import {
  createRolloutRequestSchema,
  rolloutDecisionSchema,
  rolloutListSchema,
  rolloutSchema,
} from './schemas';

const ACTIONS: Record<string, string> = {
  pause: 'Hold it: no further wave begins',
  resume: 'Let it go on; what stopped it counts as seen',
  advance: 'Begin the next wave now, or end the rollout',
  back: 'Apply the former definition again, everywhere',
};

/** Routes of changes on their way to the clusters. */
export const rolloutRoutes: Route[] = [
  {
    method: 'post',
    path: '/rollouts',
    operationId: 'createRollout',
    tag: 'rollouts',
    summary:
      'Write or delete a definition and bring it to the clusters, all at once or in waves',
    request: createRolloutRequestSchema,
    response: rolloutSchema,
    status: 201,
    permission: 'gns.definition.update',
  },
  {
    method: 'get',
    path: '/rollouts',
    operationId: 'listRollouts',
    tag: 'rollouts',
    summary: 'Rollouts, newest first, each with its clusters as they are now',
    query: {
      gns: 'Only of this global namespace',
      state: 'active, or all (default)',
    },
    response: rolloutListSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/rollouts/{id}',
    operationId: 'getRollout',
    tag: 'rollouts',
    summary: 'One rollout, live',
    response: rolloutSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  ...Object.entries(ACTIONS).map(
    ([action, summary]): Route => ({
      method: 'post',
      path: `/rollouts/{id}/${action}`,
      operationId: `${action}Rollout`,
      tag: 'rollouts',
      summary,
      request: rolloutDecisionSchema,
      response: rolloutSchema,
      status: 200,
      permission: 'gns.definition.update',
    }),
  ),
];
