import { SignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { type SignInPageProps } from '@backstage/plugin-app-react';
import { signInProvider } from './signInProvider';

/** Backstage's own sign-in page with the providers of `signIn.providers`. */
export function ConfiguredSignIn(props: SignInPageProps) {
  const names = useApi(configApiRef).getOptionalStringArray(
    'signIn.providers',
  ) ?? ['guest'];
  return <SignInPage {...props} providers={names.map(signInProvider)} />;
}
