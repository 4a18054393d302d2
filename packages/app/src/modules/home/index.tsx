import {
  createFrontendModule,
  createExtension,
  coreExtensionData,
} from '@backstage/frontend-plugin-api';
import { Navigate } from 'react-router-dom';

/** `/` opens the global namespaces. */
const home = createExtension({
  name: 'home',
  attachTo: { id: 'app/routes', input: 'routes' },
  output: [coreExtensionData.routePath, coreExtensionData.reactElement],
  factory: () => [
    coreExtensionData.routePath('/'),
    coreExtensionData.reactElement(<Navigate to="/gns" replace />),
  ],
});

export const homeModule = createFrontendModule({
  pluginId: 'app',
  extensions: [home],
});
