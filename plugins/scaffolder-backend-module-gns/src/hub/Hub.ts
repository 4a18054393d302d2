import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { GnsClient } from '@isthmus/plugin-gns-common';

/** What the actions ask of the hub. */
export type Hub = Pick<
  GnsClient,
  | 'getDefinition'
  | 'putDefinition'
  | 'deleteDefinition'
  | 'plan'
  | 'getGlobalNamespace'
>;

/** The hub on behalf of the person who started the template. */
export type HubFor = (context: {
  getInitiatorCredentials(): Promise<BackstageCredentials>;
}) => Hub;
