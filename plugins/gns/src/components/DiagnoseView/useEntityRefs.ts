import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  CATALOG_FILTER_EXISTS,
  catalogApiRef,
} from '@backstage/plugin-catalog-react';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';

/** Entities that name a global service, to pick; one can write others. */
export function useEntityRefs(): string[] {
  const catalog = useApi(catalogApiRef);
  const [refs, setRefs] = useState<string[]>([]);
  useEffect(() => {
    let gone = false;
    catalog
      .getEntities({
        filter: {
          [`metadata.annotations.${ANNOTATION_SERVICE}`]: CATALOG_FILTER_EXISTS,
        },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
        limit: 500,
      })
      .then(
        ({ items }) =>
          !gone && setRefs(items.map(one => stringifyEntityRef(one)).sort()),
        // The catalog only offers; the hub answers without it.
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [catalog]);
  return refs;
}
