import type { Route } from '../rest/routes';
import { gnsResourcesSchema } from './resourceSchemas';
import * as t from './trafficSchemas';

const WINDOW = `Seconds: ${t.TRAFFIC_WINDOWS_SECONDS.join(
  ', ',
)}; 300 by default`;
const AT =
  'End of the window, RFC 3339, for the past: 3 hours back by minutes, 7 days by quarters of an hour; the newest by default';

/** Telemetry for people: who calls whom, and how well. */
export const telemetryRoutes: Route[] = [
  {
    method: 'get',
    path: '/global-namespaces/{name}/traffic',
    operationId: 'getTraffic',
    tag: 'telemetry',
    summary: 'Who calls whom: nodes and edges with figures, and coverage',
    query: {
      window: WINDOW,
      at: AT,
      level: `${t.TRAFFIC_LEVELS.join(', ')}; service by default`,
      service: 'Only this service, its callers and what it calls',
      buckets: 'true: edges carry their latency buckets',
      limit: 'Most edges, busiest first; 20,000 by default',
    },
    response: t.trafficSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/global-namespaces/{name}/traffic/ranges',
    operationId: 'getTrafficRanges',
    tag: 'telemetry',
    summary: 'Which times can be asked for',
    response: t.trafficRangesSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/global-namespaces/{name}/traffic/series',
    operationId: 'getTrafficSeries',
    tag: 'telemetry',
    summary: 'One edge or node over time',
    query: {
      edge: 'Id of an edge; this, `node` or `service`',
      node: 'Id of a node',
      service: 'Host label of a global service: all its clusters together',
      direction: 'Of a node or service: inbound (default) or outbound',
      range: 'Seconds back from `at`; 3600 by default',
      at: AT,
      step: 'Seconds: 60, 300, 900, 3600; by default what gives at most 200 points',
      groupBy: `${t.SERIES_GROUPS.join(', ')}; none by default`,
    },
    response: t.trafficSeriesSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/global-namespaces/{name}/traffic/services',
    operationId: 'listServiceTraffic',
    tag: 'telemetry',
    summary: 'The services with their figures, all clusters together',
    query: { window: WINDOW, at: AT },
    response: t.serviceTrafficListSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/global-namespaces/{name}/resources',
    operationId: 'getResources',
    tag: 'telemetry',
    summary:
      'CPU and memory of the member clusters, of what is of the global namespace there, and of its services; nodes need gns.cluster.read',
    query: {
      range: 'Seconds of history, 300 to 604800; 3600 by default',
    },
    response: gnsResourcesSchema,
    status: 200,
    permission: 'gns.definition.read',
  },
  {
    method: 'get',
    path: '/telemetry',
    operationId: 'getTelemetry',
    tag: 'telemetry',
    summary: 'The telemetry store: retention, size, sources',
    response: t.telemetryStatusSchema,
    status: 200,
    permission: 'gns.cluster.read',
  },
];
