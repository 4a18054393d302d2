import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { SloSummary } from '@isthmus/plugin-gns-common';
import type { SloView } from '../slo/SloService';
import type { HubContext } from './HubContext';

/** The key of an objective's book. */
export const sloKey = ({ gns, name }: { gns: string; name: string }) =>
  `ServiceLevelObjective:${gns}/${name}`;

/** The rows that the caller may read, worst first. */
export async function readableSlos(
  hub: Pick<HubContext, 'authorizer'>,
  credentials: BackstageCredentials,
  view: SloView,
): Promise<readonly SloSummary[]> {
  const mayRead = await hub.authorizer.readablePredicate(credentials);
  return view.rows.filter(row => {
    const book = view.books.get(sloKey(row));
    return book !== undefined && mayRead(book.record.definition);
  });
}
