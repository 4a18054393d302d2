import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { insecureSettings } from './insecureSettings';

/**
 * Refuses to start a portal whose configuration is fit for a demo only. This
 * is the one place where stopping the whole backend is meant.
 */
export default createBackendPlugin({
  pluginId: 'portal-guard',
  register(reg) {
    reg.registerInit({
      deps: { config: coreServices.rootConfig },
      async init({ config }) {
        const found = insecureSettings(
          config,
          process.env.NODE_ENV ?? 'production',
        );
        if (found.length > 0) {
          throw new Error(
            `This configuration is not safe to run:\n- ${found.join('\n- ')}`,
          );
        }
      },
    });
  },
});
