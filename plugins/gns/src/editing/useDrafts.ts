import { useEffect, useMemo, useState } from 'react';
import {
  identityApiRef,
  storageApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { Drafts } from './drafts';

/** The drafts of whoever is signed in; undefined until that is known. */
export function useDrafts(): Drafts | undefined {
  const storage = useApi(storageApiRef);
  const identity = useApi(identityApiRef);
  const [person, setPerson] = useState<string>();
  useEffect(() => {
    let gone = false;
    identity.getBackstageIdentity().then(
      ({ userEntityRef }) => !gone && setPerson(userEntityRef),
      // Drafts are then those of this browser, whoever sits there.
      () => !gone && setPerson('unknown'),
    );
    return () => {
      gone = true;
    };
  }, [identity]);
  return useMemo(
    () =>
      person === undefined
        ? undefined
        : new Drafts(storage.forBucket('gns.drafts'), person),
    [storage, person],
  );
}
