import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import {
  ANNOTATION_FOUND_SERVICES,
  ANNOTATION_SERVICE,
  gnsClusterReadPermission,
  parseServiceAnnotation,
  REST_PATH,
} from '@isthmus/plugin-gns-common';
import { readPauses } from '../delivery/reconcileInput';
import { DiagnosisView } from '../diagnosis/DiagnosisView';
import { readAsked, type Asked } from '../diagnosis/readQuestion';
import {
  resolveQuestion,
  type Names,
  type ServiceName,
} from '../diagnosis/resolveQuestion';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { isAllowed } from './requirePermission';

const side = z.string().min(1).max(400);
const querySchema = z.strictObject({
  from: side,
  to: side,
  port: z.coerce.number().int().min(1).max(65535).optional(),
});

/** `/v1/diagnose`: why a call fails. */
export function createDiagnosisRouter(hub: HubContext): Router {
  const router = PromiseRouter();

  /** Services that an entity names; undefined: there is none, or nobody to ask. */
  const servicesOf = async (
    asked: Asked,
    credentials: BackstageCredentials,
  ): Promise<ServiceName[] | undefined> => {
    if (asked.type !== 'entity') return undefined;
    const entity = await hub.catalog?.getEntityByRef(asked.ref, {
      credentials,
    });
    if (!entity) return undefined;
    const { annotations = {} } = entity.metadata;
    const text =
      annotations[ANNOTATION_SERVICE] ?? annotations[ANNOTATION_FOUND_SERVICES];
    return parseServiceAnnotation(text ?? '').services;
  };

  router.get(`${REST_PATH}/diagnose`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const query = parseRequest(querySchema, request.query, 'query');
    const asked = {
      from: readAsked(query.from, 'from'),
      to: readAsked(query.to, 'to'),
    };
    const mayRead = await hub.authorizer.readablePredicate(credentials);
    const snapshot = await hub.view.snapshot();
    const readable = new Map(
      snapshot.input.definitions
        .map(d => d.definition)
        .filter(mayRead)
        .map(d => [d.metadata.name, d]),
    );
    const clusters = await readClusterFacts({
      ...hub,
      limits: hub.freshness,
      now: hub.now(),
    });
    const found = new Map<string, ServiceName[] | undefined>();
    for (const one of [asked.from, asked.to]) {
      if (one.type === 'entity') {
        found.set(one.ref, await servicesOf(one, credentials));
      }
    }
    const names: Names = {
      clusters: new Set(clusters.map(c => c.cluster.name)),
      domains: new Map(
        [...readable].map(([gns, { spec }]) => [gns, spec.domain]),
      ),
      servicesOf: ref => found.get(ref),
    };
    const view = new DiagnosisView({
      knex: hub.knex,
      snapshot,
      result: hub.view.composed(snapshot),
      clusters,
      pauses: await readPauses(hub.knex),
      readable,
      mayReadClusters: await isAllowed(
        hub.permissions,
        gnsClusterReadPermission,
        credentials,
      ),
      now: hub.now(),
    });
    response.json(
      await view.diagnose(resolveQuestion(asked, names), query.port ?? null),
    );
  });
  return router;
}
