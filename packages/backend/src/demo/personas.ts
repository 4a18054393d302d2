import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

/** Sign-in providers of the demo and the users of the example catalog behind them. */
export const PERSONAS = {
  'demo-admin': 'user:default/ada',
  'demo-developer': 'user:default/grace',
  'demo-visitor': 'user:default/vera',
} as const;

/** A person of the demo needs no proof: whoever asks is let in. */
const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize: () => undefined,
  authenticate: async () => ({ result: {} }),
});

/**
 * Three people to sign in as, for the demo alone: registered only with
 * `demo.personas: true`, which `refuseInsecureProduction` refuses outside
 * development.
 */
export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'demo-personas',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        providers: authProvidersExtensionPoint,
      },
      async init({ config, providers }) {
        const development = ['development', 'test'].includes(
          process.env.NODE_ENV ?? 'production',
        );
        if (!config.getOptionalBoolean('demo.personas') || !development) return;
        for (const [providerId, userRef] of Object.entries(PERSONAS)) {
          providers.registerProvider({
            providerId,
            factory: createProxyAuthProviderFactory({
              authenticator,
              signInResolver: async (_info, ctx) =>
                ctx.signInWithCatalogUser({ entityRef: userRef }),
            }),
          });
        }
      },
    });
  },
});
