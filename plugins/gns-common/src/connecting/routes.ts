import type { Route } from '../rest/routes';
import { consequencesSchema } from '../changes/consequences';
import { connectionSchema } from './schemas';

const CONFIRMED = {
  'Gns-Plan':
    'Hash of the consequences that were confirmed, so that the deletions they announced pass',
};

/** Routes for whoever connects a cluster. */
export const connectingRoutes: Route[] = [
  {
    method: 'get',
    path: '/clusters/{name}/connection',
    operationId: 'getConnection',
    tag: 'clusters',
    summary:
      'How far a cluster is connected, what was checked with a remedy each, and why it is stuck',
    response: connectionSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
  {
    method: 'get',
    path: '/clusters/{name}/consequences',
    operationId: 'getConsequences',
    tag: 'clusters',
    summary:
      'What an action on a cluster would cost: hosts that nobody serves any more, calls that cross clusters',
    query: { action: 'drain, undrain, pause, resume or disconnect' },
    response: consequencesSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
  {
    method: 'post',
    path: '/clusters/{name}/drain',
    operationId: 'drainCluster',
    tag: 'clusters',
    summary:
      'Offer it to no other cluster any more; it goes on serving its own callers',
    requestHeaders: CONFIRMED,
    status: 204,
    permission: 'gns.cluster.update',
  },
  {
    method: 'post',
    path: '/clusters/{name}/undrain',
    operationId: 'undrainCluster',
    tag: 'clusters',
    summary: 'Offer it to other clusters again',
    requestHeaders: CONFIRMED,
    status: 204,
    permission: 'gns.cluster.update',
  },
];
