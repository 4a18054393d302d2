/**
 * The Isthmus hub, a Backstage backend plugin.
 *
 * @packageDocumentation
 */
export { gnsPlugin as default } from './plugin';
