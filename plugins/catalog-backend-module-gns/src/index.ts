/**
 * Global namespaces of Isthmus in the Backstage catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleGns as default } from './module';
