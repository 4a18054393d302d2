import type {
  AuthService,
  BackstageCredentials,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { GnsClient, PLUGIN_ID } from '@isthmus/plugin-gns-common';

/**
 * A client of the hub for other backend plugins.
 *
 * @param options.credentials - on whose behalf the hub is asked: a person's
 *   (a template's initiator) or the plugin's own, which is the default
 */
export function createHubClient(options: {
  auth: AuthService;
  discovery: DiscoveryService;
  credentials?: () => Promise<BackstageCredentials>;
}): GnsClient {
  const { auth, discovery } = options;
  const credentials =
    options.credentials ?? (() => auth.getOwnServiceCredentials());
  return new GnsClient({
    discoveryApi: discovery,
    fetchApi: {
      async fetch(input, init) {
        const { token } = await auth.getPluginRequestToken({
          onBehalfOf: await credentials(),
          targetPluginId: PLUGIN_ID,
        });
        return fetch(input, {
          ...init,
          headers: { ...init?.headers, authorization: `Bearer ${token}` },
        });
      },
    },
  });
}
