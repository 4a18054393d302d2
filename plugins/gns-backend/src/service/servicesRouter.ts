import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import {
  REST_PATH,
  type GlobalNamespace,
  type IndexedService,
} from '@isthmus/plugin-gns-common';
import type { ClusterView, ComposedService } from '../composition';
import type { HubContext } from './HubContext';
import { pageOf, readCursor } from './pageOf';
import { parseRequest } from './parseRequest';

const querySchema = z.strictObject({
  gns: z.string().max(63).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});

const keyOf = (service: IndexedService) => `${service.gns}/${service.name}`;

/** Labels of the Kubernetes objects of one cluster, looked up by name. */
class ClusterLabels {
  readonly name: string;
  readonly #services: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly #workloads: ReadonlyMap<string, Readonly<Record<string, string>>>;

  constructor({ name, inventory }: ClusterView) {
    const byName = (
      items: readonly {
        namespace: string;
        name: string;
        labels: Readonly<Record<string, string>>;
      }[],
    ) => new Map(items.map(i => [`${i.namespace}/${i.name}`, i.labels]));
    this.name = name;
    this.#services = byName(inventory.services);
    this.#workloads = byName(inventory.workloads);
  }

  /** Labels of the Service count before those of the pods behind it. */
  of(place: {
    namespace: string;
    service: string;
    workloads: readonly string[];
  }): Record<string, string> {
    return Object.assign(
      {},
      ...place.workloads.map(w =>
        this.#workloads.get(`${place.namespace}/${w}`),
      ),
      this.#services.get(`${place.namespace}/${place.service}`),
    );
  }
}

/** `/v1/services`: what there is to find, for catalogs, search and pickers. */
export function createServicesRouter(hub: HubContext): Router {
  const router = PromiseRouter();
  router.get(`${REST_PATH}/services`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { gns, cursor, limit } = parseRequest(
      querySchema,
      request.query,
      'query',
    );
    const mayRead = await hub.authorizer.readablePredicate(credentials);
    const after = cursor === undefined ? '' : readCursor(cursor);
    const snapshot = await hub.view.snapshot();
    const clusters = new Map(
      snapshot.input.clusters.map(c => [c.id, new ClusterLabels(c)]),
    );
    const found = snapshot.input.definitions
      .map(({ definition }) => definition)
      .filter(d => mayRead(d) && (gns ?? d.metadata.name) === d.metadata.name)
      .flatMap(definition =>
        (
          snapshot.stored.get(definition.metadata.name)?.composed.services ?? []
        ).map(service => indexed(definition, service, clusters)),
      )
      .filter(service => keyOf(service) > after)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .slice(0, limit + 1);
    response.json(pageOf(found, limit, { keyOf, show: service => service }));
  });
  return router;
}

function indexed(
  definition: GlobalNamespace,
  service: ComposedService,
  clusters: ReadonlyMap<string, ClusterLabels>,
): IndexedService {
  const { metadata } = definition;
  return {
    gns: metadata.name,
    ...(metadata.title ? { gnsTitle: metadata.title } : {}),
    ...(metadata.owner ? { owner: metadata.owner } : {}),
    name: service.name,
    host: service.host,
    places: service.endpoints.map(endpoint => {
      const cluster = clusters.get(endpoint.cluster);
      return {
        cluster: cluster?.name ?? endpoint.cluster,
        namespace: endpoint.namespace,
        service: endpoint.service,
        labels: cluster?.of(endpoint) ?? {},
      };
    }),
  };
}
