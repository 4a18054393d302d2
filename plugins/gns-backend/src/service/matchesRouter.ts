import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  gnsClusterReadPermission,
  matchesRequestSchema,
  REST_PATH,
  type Definition,
} from '@isthmus/plugin-gns-common';
import { findMatches } from '../matching/findMatches';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';
import { requirePermission } from './requirePermission';

const MAX_BODY = 256 * 1024;

/** `/v1/matches`: what a draft chooses, for each keystroke; reads, and notes nothing. */
export function createMatchesRouter(hub: HubContext): Router {
  const router = PromiseRouter();

  router.post(`${REST_PATH}/matches`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    // It lists namespaces of clusters, whoever may edit.
    await requirePermission(
      hub.permissions,
      gnsClusterReadPermission,
      credentials,
    );
    const { members, gns } = parseRequest(
      matchesRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const mayRead = await hub.authorizer.readablePredicate(credentials);
    const { input, stored } = await hub.view.snapshot();
    const readable = new Set(
      input.definitions
        .filter(d => mayRead(d.definition as unknown as Definition))
        .map(d => d.definition.metadata.name),
    );
    const facts = await readClusterFacts({
      ...hub,
      limits: hub.freshness,
      now: hub.now(),
    });
    response.json(
      findMatches(members, {
        gns: gns !== undefined && readable.has(gns) ? gns : undefined,
        clusters: input.clusters,
        globalNamespaces: [...stored.values()].map(s => s.composed),
        coverage: facts
          .filter(f => f.cluster.state !== 'disconnecting')
          .map(f => f.coverage),
        mayRead: name => readable.has(name),
      }),
    );
  });
  return router;
}
