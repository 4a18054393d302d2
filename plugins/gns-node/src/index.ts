/**
 * Permission rules of the Isthmus hub, for permission policies and for
 * modules of the `gns` backend plugin.
 *
 * @packageDocumentation
 */
export * from './permissions/definitionResource';
export * from './permissions/isDefinitionOwner';
export * from './permissions/conditions';
