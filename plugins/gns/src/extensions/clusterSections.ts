import { type ExtensionDefinition } from '@backstage/frontend-plugin-api';
import { issuersSection } from './issuersSection';

/** Sections that our own features add to the page of one cluster. */
export const clusterSections: ExtensionDefinition[] = [issuersSection];
