import { useEffect, useState } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import {
  CATALOG_FILTER_EXISTS,
  catalogApiRef,
} from '@backstage/plugin-catalog-react';
import {
  ANNOTATION_FOUND_SERVICES,
  ANNOTATION_SERVICE,
} from '@isthmus/plugin-gns-common';
import { servicesOf } from '../../entity/serviceReferences';

/** The entity behind a service. */
export interface ServiceEntity {
  ref: string;
  /** Reference of its owner. */
  owner?: string;
}

/** How the entities of a global namespace were found. */
export type ServiceEntities =
  | { state: 'loading' }
  | { state: 'known'; byService: ReadonlyMap<string, ServiceEntity> }
  | { state: 'failed'; error: Error };

/** Entities and owners by service, as annotations say; read once. */
export function useServiceEntities(gns: string): ServiceEntities {
  const catalog = useApiHolder().get(catalogApiRef);
  const [found, setFound] = useState<ServiceEntities>({ state: 'loading' });
  useEffect(() => {
    let isWanted = true;
    if (!catalog) {
      setFound({ state: 'known', byService: new Map() });
      return undefined;
    }
    const having = (annotation: string) => ({
      [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
    });
    catalog
      .getEntities({
        filter: [having(ANNOTATION_SERVICE), having(ANNOTATION_FOUND_SERVICES)],
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.annotations',
          'spec.owner',
        ],
      })
      .then(
        ({ items }) => {
          if (!isWanted) return;
          const byService = new Map<string, ServiceEntity>();
          for (const entity of items) {
            const owner = entity.spec?.owner;
            for (const one of servicesOf(entity).services) {
              if (one.gns !== gns || byService.has(one.service)) continue;
              byService.set(one.service, {
                ref: stringifyEntityRef(entity),
                ...(typeof owner === 'string' ? { owner } : {}),
              });
            }
          }
          setFound({ state: 'known', byService });
        },
        (error: Error) => {
          if (isWanted) setFound({ state: 'failed', error });
        },
      );
    return () => {
      isWanted = false;
    };
  }, [catalog, gns]);
  return found;
}
