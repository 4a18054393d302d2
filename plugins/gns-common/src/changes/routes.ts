import type { Route } from '../rest/routes';
import { matchesRequestSchema, matchesSchema } from './matches';

/** Routes for whoever prepares a change. */
export const changeRoutes: Route[] = [
  {
    method: 'post',
    path: '/matches',
    operationId: 'findMatches',
    tag: 'plan',
    summary:
      'Which namespaces the members of a draft choose, who has them, and near misses',
    request: matchesRequestSchema,
    response: matchesSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
];
