/**
 * Permission rules and client of the Isthmus hub, for permission policies and for
 * other backend plugins and modules.
 *
 * @packageDocumentation
 */
export * from './permissions/definitionResource';
export * from './permissions/isDefinitionOwner';
export * from './permissions/conditions';
export * from './client/createHubClient';
