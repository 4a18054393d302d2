import { createExtensionDataRef } from '@backstage/frontend-plugin-api';

/** How a view or tab is reached. */
export interface PartPlace {
  /** The path before the admin's config: links by it lead to the new one. */
  ownPath: string;
  /** Has a tab of its own. */
  listed: boolean;
}

export const partDataRef = createExtensionDataRef<PartPlace>().with({
  id: 'gns.part',
});
