import { useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type IndexedService } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';

/** What a question can be about, as the hub takes it. */
export interface Subjects {
  /** `<cluster>/<namespace>`. */
  places: string[];
  /** `<gns>/<service>`. */
  services: string[];
}

/** Every place and service of the index, each once. */
export function subjectsOf(index: readonly IndexedService[]): Subjects {
  const places = new Set(
    index.flatMap(one =>
      one.places.map(({ cluster, namespace }) => `${cluster}/${namespace}`),
    ),
  );
  return {
    places: [...places].sort(),
    services: index.map(one => `${one.gns}/${one.name}`).sort(),
  };
}

/**
 * Subjects to pick. Without them one can still write: a failure here is told
 * by the answer to the question, which asks the same hub.
 */
export function useSubjects(): Subjects {
  const api = useApi(gnsApiRef);
  const [subjects, setSubjects] = useState<Subjects>({
    places: [],
    services: [],
  });
  useEffect(() => {
    const abort = new AbortController();
    api.allServices(abort.signal).then(
      index => !abort.signal.aborted && setSubjects(subjectsOf(index)),
      () => undefined,
    );
    return () => abort.abort();
  }, [api]);
  return subjects;
}
