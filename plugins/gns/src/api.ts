import { createApiRef } from '@backstage/frontend-plugin-api';
import { type GnsClient } from '@isthmus/plugin-gns-common';

/** What the pages ask of the hub: every public method of the REST client. */
export type GnsApi = { [K in keyof GnsClient]: GnsClient[K] };

/** Utility API of the hub; replace it to point the pages elsewhere. */
export const gnsApiRef = createApiRef<GnsApi>().with({
  id: 'plugin.gns.client',
  pluginId: 'gns',
});
