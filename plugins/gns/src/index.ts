/**
 * Isthmus in the portal: global namespaces, their topology, entity cards.
 *
 * @packageDocumentation
 */
export { gnsPlugin as default } from './plugin';
export { gnsApiRef, type GnsApi } from './api';
export { gnsTranslationRef } from './translation';
export {
  GnsTabBlueprint,
  GnsViewBlueprint,
  type GnsPartParams,
} from './extensions/blueprints';
export { type TranslatedTitle } from './extensions/title';
export { useGnsStatus } from './components/GnsPage/GnsStatusContext';
