/**
 * Permission rules and client of the Isthmus hub, for permission policies and for
 * other backend plugins and modules.
 * Permission rules of the Isthmus hub, for permission policies, and extension
 * points for modules of the `gns` backend plugin.
 *
 * @packageDocumentation
 */
export * from './permissions/definitionResource';
export * from './permissions/isDefinitionOwner';
export * from './permissions/conditions';
export * from './client/createHubClient';
export * from './authority/KeyProtector';
export * from './authority/keyProtectorExtensionPoint';
