import { type ExtensionDefinition } from '@backstage/frontend-plugin-api';

/** Sections that our own features add to the page of one cluster. */
export const clusterSections: ExtensionDefinition[] = [];
