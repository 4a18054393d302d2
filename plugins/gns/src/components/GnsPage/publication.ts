import { type GlobalService } from '@isthmus/plugin-gns-common';

/** How far callers of other clusters can reach a service. */
export interface Publication {
  state: 'published' | 'partly' | 'unpublished';
  published: number;
  total: number;
  /** Clusters that wait for a person's approval. */
  awaiting: string[];
}

/** Sums up the endpoints of one global service. */
export function publication(
  service: Pick<GlobalService, 'endpoints'>,
): Publication {
  const total = service.endpoints.length;
  const published = service.endpoints.filter(one => one.published).length;
  let state: Publication['state'] = 'partly';
  if (published === 0) state = 'unpublished';
  else if (published === total) state = 'published';
  return {
    state,
    published,
    total,
    awaiting: service.endpoints
      .filter(one => one.awaitingApproval)
      .map(one => one.cluster),
  };
}
