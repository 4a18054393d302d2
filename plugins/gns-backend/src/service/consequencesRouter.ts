import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import {
  clusterActionSchema,
  gnsClusterReadPermission,
  REST_PATH,
} from '@isthmus/plugin-gns-common';
import type { ComposedCluster } from '../composition';
import {
  afterAction,
  clusterConsequences,
  type Backlog,
} from '../consequences/clusterConsequences';
import { readPauses } from '../delivery/reconcileInput';
import { toWantedMap } from '../delivery/wantedObjects';
import { readTraffic } from '../plans/makePlan';
import { rememberPlan } from '../plans/PlanStore';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { requirePermission } from './requirePermission';

const querySchema = z.strictObject({ action: clusterActionSchema });

interface ToldRow {
  key: string;
  gns: string;
  hash: string;
}

/** What a cluster would be told, were it told everything now. */
function backlogOf(
  told: readonly ToldRow[],
  composed: ComposedCluster | undefined,
): Backlog {
  const wanted = toWantedMap(composed?.objects ?? new Map());
  const has = new Map(told.map(row => [row.key, row.hash]));
  const count = { create: 0, update: 0, delete: 0 };
  for (const [key, { hash }] of wanted) {
    const old = has.get(key);
    if (old === undefined) count.create += 1;
    else if (old !== hash) count.update += 1;
  }
  for (const key of has.keys()) if (!wanted.has(key)) count.delete += 1;
  return count;
}

function countBy(rows: readonly ToldRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { gns } of rows) counts.set(gns, (counts.get(gns) ?? 0) + 1);
  return counts;
}

/** `/v1/clusters/{name}/consequences`: what an action on a cluster would cost. */
export function createConsequencesRouter(hub: HubContext): Router {
  const router = PromiseRouter();
  router.get(
    `${REST_PATH}/clusters/:name/consequences`,
    async (request, response) => {
      const credentials = await hub.httpAuth.credentials(request, {
        allow: ['user', 'service'],
      });
      await requirePermission(
        hub.permissions,
        gnsClusterReadPermission,
        credentials,
      );
      const { action } = parseRequest(querySchema, request.query, 'query');
      const cluster = await hub.clusters.get(request.params.name);
      const mayRead = await hub.authorizer.readablePredicate(credentials);
      const snapshot = await hub.view.snapshot();
      const before = hub.view.composed(snapshot);
      const edit = afterAction(action, cluster.name);
      const after = hub.view.composeClusters(snapshot, edit);
      const definitions = new Map(
        snapshot.input.definitions.map(d => [
          d.definition.metadata.name,
          d.definition,
        ]),
      );
      const told: ToldRow[] = await hub
        .knex('gns_desired_objects')
        .where({ cluster_id: cluster.id })
        .whereNull('removal')
        .select('key', 'gns', 'hash');
      const facts = await readClusterFacts({
        ...hub,
        limits: hub.freshness,
        now: hub.now(),
      });
      const { consequences, remembered } = clusterConsequences({
        action,
        cluster,
        before,
        after,
        view: {
          definitions: { before: definitions, after: definitions },
          clusters: snapshot.input.clusters.map(edit),
          traffic: await readTraffic(hub.traffic, definitions.keys()),
          coverage: facts.map(f => f.coverage),
          paused: {
            globalNamespaces: await readPauses(hub.knex),
            clusters: new Set(
              snapshot.clusters.filter(c => c.paused).map(c => c.name),
            ),
          },
          visible: gns => {
            const definition = definitions.get(gns);
            return definition !== undefined && mayRead(definition);
          },
        },
        objects: countBy(told),
        backlog: backlogOf(told, before.clusters.get(cluster.id)),
      });
      await rememberPlan(hub.knex, remembered, hub.now());
      response.json(consequences);
    },
  );
  return router;
}
