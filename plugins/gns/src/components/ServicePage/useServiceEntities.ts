import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import {
  CATALOG_FILTER_EXISTS,
  catalogApiRef,
} from '@backstage/plugin-catalog-react';
import {
  ANNOTATION_FOUND_SERVICES,
  ANNOTATION_SERVICE,
} from '@isthmus/plugin-gns-common';
import { servicesOf } from '../../entity/serviceReferences';

/** Components of the catalog that name a global service; `undefined` while nobody knows. */
export interface ServiceEntities {
  entities?: Entity[];
  error?: Error;
}

/** Whether an entity names the service, or labels found it. */
export function namesService(
  entity: Entity,
  gns: string,
  service: string,
): boolean {
  return servicesOf(entity).services.some(
    one => one.gns === gns && one.service === service,
  );
}

/** Who in the catalog stands behind a global service. */
export function useServiceEntities(
  gns: string,
  service: string,
): ServiceEntities {
  const catalog = useApi(catalogApiRef);
  const [found, setFound] = useState<ServiceEntities>({});
  useEffect(() => {
    let gone = false;
    setFound({});
    catalog
      .getEntities({
        // The annotation may name several services: it is read here.
        filter: [ANNOTATION_SERVICE, ANNOTATION_FOUND_SERVICES].map(name => ({
          [`metadata.annotations.${name}`]: CATALOG_FILTER_EXISTS,
        })),
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
          'metadata.annotations',
          'spec.owner',
        ],
      })
      .then(
        ({ items }) =>
          !gone &&
          setFound({
            entities: items.filter(one => namesService(one, gns, service)),
          }),
        (cause: unknown) =>
          !gone &&
          setFound({
            error: cause instanceof Error ? cause : new Error(String(cause)),
          }),
      );
    return () => {
      gone = true;
    };
  }, [catalog, gns, service]);
  return found;
}
