import { InputError } from '@backstage/errors';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  gnsClusterReadPermission,
  REST_PATH,
  SERIES_GROUPS,
  TRAFFIC_LEVELS,
  TRAFFIC_WINDOWS_SECONDS,
  type TrafficRanges,
} from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import { observedIds } from '../observed/observedRows';
import type { ResourcesView } from '../telemetry/resources/ResourcesView';
import { readRanges } from '../telemetry/store/readRanges';
import { readStatus } from '../telemetry/store/readStatus';
import type { TelemetryHub } from '../telemetry/TelemetryHub';
import { listServices } from '../telemetry/topology/listServices';
import { edgeSubject, type Subject } from '../telemetry/topology/subject';
import { TrafficSeriesView } from '../telemetry/topology/TrafficSeriesView';
import type { TrafficView } from '../telemetry/topology/TrafficView';
import { hideOtherGns } from './hideOtherGns';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { isAllowed, requirePermission } from './requirePermission';

const MAX_EDGES = 20_000;

const windowSchema = z.coerce
  .number()
  .refine(seconds => TRAFFIC_WINDOWS_SECONDS.some(w => w === seconds), {
    message: `is no window: write one of ${TRAFFIC_WINDOWS_SECONDS.join(', ')}`,
  });
const atSchema = z.iso.datetime({ offset: true }).optional();
const nameSchema = z.string().min(1).max(2000);

const trafficQuery = z.strictObject({
  window: windowSchema.default(300),
  at: atSchema,
  level: z.enum(TRAFFIC_LEVELS).default('service'),
  service: z.string().min(1).max(63).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_EDGES).default(MAX_EDGES),
  buckets: z.enum(['true', 'false']).default('false'),
});

const seriesQuery = z.strictObject({
  edge: nameSchema.optional(),
  node: nameSchema.optional(),
  service: z.string().min(1).max(63).optional(),
  direction: z.enum(['inbound', 'outbound']).default('inbound'),
  range: z.coerce.number().int().min(60).max(604_800).default(3600),
  at: atSchema,
  step: z
    .enum(['60', '300', '900', '3600'])
    .transform(step => Number(step) as 60 | 300 | 900 | 3600)
    .optional(),
  groupBy: z.enum(SERIES_GROUPS).default('none'),
});

const resourcesQuery = z.strictObject({
  range: z.coerce.number().int().min(300).max(604_800).default(3600),
});

const servicesQuery = trafficQuery.pick({ window: true, at: true });

function subjectOf(query: z.infer<typeof seriesQuery>): {
  subject: Subject;
  subjectId: string;
} {
  const { edge, node, service, direction } = query;
  const given = [edge, node, service].filter(id => id !== undefined);
  if (given.length !== 1) {
    throw new InputError(
      'query: name one subject: edge, node or service. Take ids from the answer of …/traffic',
    );
  }
  const [subjectId] = given;
  if (edge !== undefined) return { subject: edgeSubject(edge), subjectId };
  if (node !== undefined) {
    return { subject: { type: 'node', node, direction }, subjectId };
  }
  return {
    subject: { type: 'service', service: subjectId, direction },
    subjectId,
  };
}

/** `/v1/global-namespaces/{name}/traffic…` and `/v1/telemetry`: who calls whom, and how well. */
export function createTelemetryRouter(
  hub: HubContext,
  telemetry: TelemetryHub,
  view: TrafficView,
  resources: ResourcesView,
): Router {
  const router = PromiseRouter();
  const seriesView = new TrafficSeriesView(view);
  const credentialsOf = (request: Request) =>
    hub.httpAuth.credentials(request, { allow: ['user', 'service'] });

  /** The name, if the caller may read it; else 404. */
  const readable = async (request: Request): Promise<string> => {
    const ref = { kind: 'GlobalNamespace', name: request.params.name };
    const record = await hub.authorizer.require(
      await credentialsOf(request),
      'read',
      ref,
      await hub.definitions.get(ref),
    );
    return record.definition.metadata.name;
  };

  const base = `${REST_PATH}/global-namespaces/:name/traffic`;
  router.get(base, async (request, response) => {
    const gns = await readable(request);
    const query = parseRequest(trafficQuery, request.query, 'query');
    const traffic = await view.traffic(gns, {
      ...query,
      buckets: query.buckets === 'true',
    });
    response.json(
      await hideOtherGns(hub, await credentialsOf(request), traffic),
    );
  });

  router.get(`${base}/ranges`, async (request, response) => {
    const gns = await readable(request);
    const loaded = await view.window(gns, { window: 300 }, { edges: false });
    const answer: TrafficRanges = {
      ...(await readRanges(hub.knex, gns)),
      coverage: loaded.coverage,
    };
    response.json(answer);
  });

  router.get(`${base}/series`, async (request, response) => {
    const gns = await readable(request);
    const query = parseRequest(seriesQuery, request.query, 'query');
    response.json(
      await seriesView.series(gns, { ...query, ...subjectOf(query) }),
    );
  });

  router.get(`${base}/services`, async (request, response) => {
    const gns = await readable(request);
    const query = parseRequest(servicesQuery, request.query, 'query');
    response.json(
      await listServices(
        gns,
        await view.window(gns, query),
        await view.scenery(gns),
        telemetry.increments,
      ),
    );
  });

  router.get(
    `${REST_PATH}/global-namespaces/:name/resources`,
    async (request, response) => {
      const gns = await readable(request);
      const { range } = parseRequest(resourcesQuery, request.query, 'query');
      const showNodes = await isAllowed(
        hub.permissions,
        gnsClusterReadPermission,
        await credentialsOf(request),
      );
      response.json(await resources.resources(gns, { range, showNodes }));
    },
  );

  router.get(`${REST_PATH}/telemetry`, async (request, response) => {
    await requirePermission(
      hub.permissions,
      gnsClusterReadPermission,
      await credentialsOf(request),
    );
    response.json(
      await readStatus(hub.knex, {
        now: hub.now(),
        retention: telemetry.retention,
        observed: await observedIds(hub.knex),
      }),
    );
  });
  return router;
}
