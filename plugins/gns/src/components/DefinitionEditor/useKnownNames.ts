import { useEffect, useState } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  identityApiRef,
  useApi,
  useApiHolder,
} from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { gnsApiRef } from '../../api';
import { type KnownNames } from '../DefinitionForm/FormContext';

const NONE: KnownNames = {
  clusters: [],
  namespaces: [],
  services: [],
  owners: [],
};
const MOST_GROUPS = 500;

/**
 * Names that exist, to choose from: of clusters and namespaces from what they
 * reported, of owners from the catalog, one's own groups first. Whatever does
 * not answer is left out: it can be written by hand.
 */
export function useKnownNames(): KnownNames {
  const api = useApi(gnsApiRef);
  const identity = useApi(identityApiRef);
  const catalog = useApiHolder().get(catalogApiRef);
  const [places, setPlaces] = useState<Omit<KnownNames, 'owners'>>(NONE);
  const [owners, setOwners] = useState<readonly string[]>([]);

  useEffect(() => {
    const abort = new AbortController();
    api
      .matches({ members: [{ namespaces: { prefix: '' } }] }, abort.signal)
      .then(
        ({ entries: [all] }) =>
          setPlaces({
            clusters: sorted(all.clusters),
            namespaces: sorted(
              all.namespaces
                .filter(one => one.state !== 'reserved')
                .map(one => one.namespace),
            ),
            services: sorted(all.namespaces.flatMap(one => one.services)),
          }),
        () => undefined,
      );
    return () => abort.abort();
  }, [api]);

  useEffect(() => {
    let gone = false;
    const own = identity.getBackstageIdentity().then(
      ({ ownershipEntityRefs }) => ownershipEntityRefs,
      () => [],
    );
    const groups =
      catalog
        ?.getEntities({
          filter: { kind: 'Group' },
          fields: ['kind', 'metadata.name', 'metadata.namespace'],
          limit: MOST_GROUPS,
        })
        .then(
          ({ items }) => items.map(one => stringifyEntityRef(one)),
          () => [],
        ) ?? Promise.resolve([]);
    Promise.all([own, groups]).then(
      ([mine, all]) =>
        !gone &&
        setOwners([
          ...new Set([
            ...mine.filter(one => one.startsWith('group:')),
            ...sorted(all),
            ...mine,
          ]),
        ]),
    );
    return () => {
      gone = true;
    };
  }, [catalog, identity]);

  return { ...places, owners };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
