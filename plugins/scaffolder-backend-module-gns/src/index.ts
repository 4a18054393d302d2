/**
 * Scaffolder actions of Isthmus.
 *
 * @packageDocumentation
 */
export { scaffolderModuleGns as default } from './module';
