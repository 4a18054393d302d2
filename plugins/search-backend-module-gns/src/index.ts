/**
 * Global namespaces of Isthmus in Backstage search.
 *
 * @packageDocumentation
 */
export { searchModuleGns as default } from './module';
export { DOCUMENT_TYPE, type GnsDocument } from './collator/documents';
