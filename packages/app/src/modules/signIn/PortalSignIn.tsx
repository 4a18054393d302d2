import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { type SignInPageProps } from '@backstage/plugin-app-react';
import { ConfiguredSignIn } from './ConfiguredSignIn';
import { PersonaSignIn } from './PersonaSignIn';
import { personasOffered } from './personas';

/** The demo's people, an authenticating proxy, or the configured providers. */
export function PortalSignIn(props: SignInPageProps) {
  const config = useApi(configApiRef);
  if (personasOffered(config)) return <PersonaSignIn {...props} />;
  const proxy = config.getOptionalString('signIn.proxy');
  if (proxy) return <ProxiedSignInPage {...props} provider={proxy} />;
  return <ConfiguredSignIn {...props} />;
}
