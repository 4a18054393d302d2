/**
 * Isthmus in the portal: global namespaces, their topology, entity cards.
 *
 * @packageDocumentation
 */
export { gnsPlugin as default } from './plugin';
export { gnsApiRef, type GnsApi } from './api';
export { gnsTranslationRef } from './translation';
export {
  GnsClusterSectionBlueprint,
  GnsServiceSectionBlueprint,
  GnsTabBlueprint,
  GnsViewBlueprint,
  type GnsPartParams,
  type GnsSectionParams,
} from './extensions/blueprints';
export { type TranslatedTitle } from './extensions/title';
export { useGnsStatus } from './components/GnsPage/GnsStatusContext';
export { useCluster } from './components/ClusterPage/ClusterContext';
export {
  useGlobalService,
  type OpenService,
} from './components/ServicePage/ServiceContext';
