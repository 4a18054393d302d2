import { type Revision } from '@isthmus/plugin-gns-common';
import { type GnsApi } from '../../../api';

/** One revision, however far back; undefined: there is none of that number. */
export async function findRevision(
  api: Pick<GnsApi, 'listRevisions'>,
  ref: { kind: string; name: string },
  generation: number,
  signal?: AbortSignal,
): Promise<Revision | undefined> {
  let cursor: string | undefined;
  do {
    const page = await api.listRevisions(ref, signal, { cursor });
    const found = page.items.find(one => one.generation === generation);
    if (found) return found;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return undefined;
}
