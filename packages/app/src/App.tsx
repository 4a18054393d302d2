import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { homeModule } from './modules/home';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';

// Other plugins, ours among them, are discovered from package.json
// (`app.packages: all` in app-config).
export default createApp({
  features: [catalogPlugin, navModule, signInModule, homeModule],
});
