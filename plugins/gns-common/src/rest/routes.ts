import type { z } from 'zod';
import { authorityRoutes } from '../authority/routes';
import { changeRoutes } from '../changes/routes';
import { connectingRoutes } from '../connecting/routes';
import { diagnosisRoutes } from '../diagnosis/routes';
import { rolloutRoutes } from '../rollouts/routes';
import * as s from './schemas';
import { sloRoutes } from '../slo/sloRoutes';
import { telemetryRoutes } from '../telemetry/trafficRoutes';
import { serviceIndexRoutes } from './serviceIndex';

/** One operation of the REST API: what the OpenAPI document and the router must agree on. */
export interface Route {
  method: 'get' | 'put' | 'post' | 'delete';
  /** Below `/api/gns/v1`, OpenAPI style: `/definitions/{kind}/{name}`. */
  path: string;
  operationId: string;
  summary: string;
  tag:
    | 'definitions'
    | 'plan'
    | 'global-namespaces'
    | 'clusters'
    | 'holds'
    | 'rollouts'
    | 'telemetry'
    | 'slos'
    | 'authorities'
    | 'hub';
  query?: Record<string, string>;
  requestHeaders?: Record<string, string>;
  request?: z.ZodType;
  response?: z.ZodType;
  status: number;
  /** Name of the permission that is asked. */
  permission: string;
}

const IF_MATCH =
  'Generation of the definition, `"7"`; stale: 412, missing: 428';
const definitionBody = s.storedDefinitionSchema.shape.definition;

/** Definitions have two path shapes: kinds that stand alone, and kinds of a global namespace. */
function definitionRoutes(prefix: string, suffix: string): Route[] {
  return [
    {
      method: 'get',
      path: prefix,
      operationId: `getDefinition${suffix}`,
      tag: 'definitions',
      summary: 'One definition; `Accept: application/yaml` answers YAML',
      response: s.storedDefinitionSchema,
      status: 200,
      permission: 'gns.definition.read',
    },
    {
      method: 'put',
      path: prefix,
      operationId: `putDefinition${suffix}`,
      tag: 'definitions',
      summary:
        'Create (`If-None-Match: *`) or replace (`If-Match`) a definition; JSON or YAML',
      requestHeaders: {
        'If-Match': IF_MATCH,
        'If-None-Match': '`*` to create',
        'Gns-Plan':
          'Hash of the confirmed plan, so that its deletions pass; 409 when it showed another change',
        'Gns-Message': 'Why, for the history',
      },
      request: definitionBody,
      response: s.writeResultSchema,
      status: 200,
      permission: 'gns.definition.update',
    },
    {
      method: 'delete',
      path: prefix,
      operationId: `deleteDefinition${suffix}`,
      tag: 'definitions',
      summary: 'Delete a definition; refused while others refer to it',
      requestHeaders: {
        'If-Match': IF_MATCH,
        'Gns-Plan': 'Hash of the confirmed plan',
        'Gns-Message': 'Why',
      },
      response: s.writeResultSchema,
      status: 200,
      permission: 'gns.definition.delete',
    },
    {
      method: 'get',
      path: `${prefix}/revisions`,
      operationId: `listRevisions${suffix}`,
      tag: 'definitions',
      summary:
        'Who changed it, when and why, newest first, also after its deletion',
      query: {
        cursor: 'From nextCursor',
        limit: '1 to 500, 100 by default',
      },
      response: s.revisionListSchema,
      status: 200,
      permission: 'gns.definition.read',
    },
  ];
}

export const routes: Route[] = [
  {
    method: 'get',
    path: '/definitions',
    operationId: 'listDefinitions',
    tag: 'definitions',
    summary: 'All definitions that you may read',
    query: {
      kind: 'Only this kind',
      gns: 'Only of this global namespace',
      cursor: 'From nextCursor',
      limit: '1 to 500, 100 by default',
    },
    response: s.definitionListSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  ...definitionRoutes('/definitions/{kind}/{name}', ''),
  ...definitionRoutes('/definitions/{kind}/{gns}/{name}', 'OfGns'),
  {
    method: 'post',
    path: '/plan',
    operationId: 'plan',
    tag: 'plan',
    summary: 'What a change would do, per cluster, without writing',
    request: s.planRequestSchema,
    response: s.planSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  ...changeRoutes,
  ...rolloutRoutes,
  {
    method: 'get',
    path: '/global-namespaces',
    operationId: 'listGlobalNamespaces',
    tag: 'global-namespaces',
    summary: 'Global namespaces with freshness and health',
    response: s.gnsSummaryListSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/global-namespaces/{name}',
    operationId: 'getGlobalNamespace',
    tag: 'global-namespaces',
    summary: 'Status: services, hosts, clusters, conditions',
    response: s.gnsStatusSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/global-namespaces/{name}/topology',
    operationId: 'getTopology',
    tag: 'global-namespaces',
    summary: 'Nodes, edges and coverage',
    response: s.topologySchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  ...serviceIndexRoutes,
  ...diagnosisRoutes,
  ...telemetryRoutes,
  {
    method: 'post',
    path: '/global-namespaces/{name}/pause',
    operationId: 'pauseGlobalNamespace',
    tag: 'global-namespaces',
    summary: 'Nothing of it changes until resumed',
    status: 204,
    permission: 'gns.rollout.approve',
  },
  {
    method: 'post',
    path: '/global-namespaces/{name}/resume',
    operationId: 'resumeGlobalNamespace',
    tag: 'global-namespaces',
    summary: 'Let it change again',
    status: 204,
    permission: 'gns.rollout.approve',
  },
  {
    method: 'get',
    path: '/clusters',
    operationId: 'listClusters',
    tag: 'clusters',
    summary: 'Member clusters',
    response: s.clusterListSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
  {
    method: 'post',
    path: '/clusters',
    operationId: 'createCluster',
    tag: 'clusters',
    summary: 'Register a cluster; answers the join token once',
    request: s.createClusterRequestSchema,
    response: s.joinTokenSchema,
    status: 201,
    permission: 'gns.cluster.create',
  },
  {
    method: 'get',
    path: '/clusters/{name}',
    operationId: 'getCluster',
    tag: 'clusters',
    summary: 'One member cluster',
    response: s.clusterSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
  ...connectingRoutes,
  {
    method: 'delete',
    path: '/clusters/{name}',
    operationId: 'deleteCluster',
    tag: 'clusters',
    summary:
      'Disconnect: its objects are tombstoned first; `?force=true` forgets a cluster that is gone',
    query: { force: 'true: forget it at once' },
    requestHeaders: {
      'Gns-Plan':
        'Hash of the consequences that were confirmed, so that the deletions they announced pass',
    },
    status: 202,
    permission: 'gns.cluster.delete',
  },
  {
    method: 'post',
    path: '/clusters/{name}/token',
    operationId: 'renewToken',
    tag: 'clusters',
    summary: 'A new join token; the old one ends',
    query: {
      prometheusUrl:
        'Prometheus of the cluster, for the instructions that are answered',
      restartWorkloads:
        'true: the instructions let the controller restart workloads (authority.restart: rolling)',
    },
    response: s.joinTokenSchema,
    status: 201,
    permission: 'gns.cluster.create',
  },
  {
    method: 'post',
    path: '/clusters/{name}/pause',
    operationId: 'pauseCluster',
    tag: 'clusters',
    summary: 'Nothing in it changes until resumed',
    status: 204,
    permission: 'gns.cluster.update',
  },
  {
    method: 'post',
    path: '/clusters/{name}/resume',
    operationId: 'resumeCluster',
    tag: 'clusters',
    summary: 'Let it change again',
    status: 204,
    permission: 'gns.cluster.update',
  },
  {
    method: 'get',
    path: '/holds',
    operationId: 'listHolds',
    tag: 'holds',
    summary: 'What waits for a decision, and past decisions',
    query: { state: 'open (default) or all' },
    response: s.holdListSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
  {
    method: 'post',
    path: '/holds/{id}/release',
    operationId: 'releaseHold',
    tag: 'holds',
    summary: 'Let it happen',
    request: s.holdDecisionSchema,
    response: s.holdSchema,
    status: 200,
    permission: 'gns.rollout.approve',
  },
  {
    method: 'post',
    path: '/holds/{id}/refuse',
    operationId: 'refuseHold',
    tag: 'holds',
    summary: 'Keep what is there',
    request: s.holdDecisionSchema,
    response: s.holdSchema,
    status: 200,
    permission: 'gns.rollout.approve',
  },
  {
    method: 'post',
    path: '/holds/decide',
    operationId: 'decideHolds',
    tag: 'holds',
    summary: 'One decision on several; one that fails stops no other',
    request: s.holdsDecisionSchema,
    response: s.holdsDecidedSchema,
    status: 200,
    permission: 'gns.rollout.approve',
  },
  {
    method: 'get',
    path: '/hub',
    operationId: 'getHub',
    tag: 'hub',
    summary: 'State of the hub itself',
    response: s.hubStatusSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
  {
    method: 'get',
    path: '/audit',
    operationId: 'listAudit',
    tag: 'hub',
    summary: 'Every change, newest first',
    query: {
      cursor: 'From nextCursor',
      limit: '1 to 500, 100 by default',
      subject: 'Only this subject',
    },
    response: s.auditListSchema,
    status: 200,
    permission: 'gns.rollout.approve',
  },
  ...sloRoutes,
  ...authorityRoutes,
];
