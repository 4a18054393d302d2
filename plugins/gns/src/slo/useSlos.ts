import { type SloList, type SloSummary } from '@isthmus/plugin-gns-common';
import { type GnsApi } from '../api';
import { type Live, useLive } from '../live/useLive';

/** A page of the list, and how many of them are read before the reader is asked to narrow it. */
const PAGE = 1000;
const MOST_PAGES = 5;

/** Objectives of one global namespace, worst first, kept current. */
export function useSlosOfGns(gns: string): Live<SloList> {
  return useLive(
    `slos/${gns}`,
    (api, signal) => listAll(api, { gns }, signal),
    { topics: ['slos', 'definitions'], gns },
  );
}

/** Objectives of all global namespaces that the reader may see, worst first, kept current. */
export function useAllSlos(): Live<SloList> {
  return useLive('slos', (api, signal) => listAll(api, {}, signal), {
    topics: ['slos', 'definitions'],
  });
}

/** All pages, up to a limit; `total` tells how many there are. */
async function listAll(
  api: GnsApi,
  filter: { gns?: string },
  signal: AbortSignal,
): Promise<SloList> {
  const items: SloSummary[] = [];
  let cursor: string | undefined;
  for (let page = 1; ; page += 1) {
    const answer = await api.slo.list(
      { ...filter, cursor, limit: PAGE },
      signal,
    );
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === undefined || page === MOST_PAGES) {
      return { ...answer, items };
    }
  }
}
