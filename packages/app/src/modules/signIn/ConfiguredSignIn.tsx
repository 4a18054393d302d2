import { SignInPage } from '@backstage/core-components';
import {
  bitbucketAuthApiRef,
  configApiRef,
  githubAuthApiRef,
  gitlabAuthApiRef,
  googleAuthApiRef,
  microsoftAuthApiRef,
  oktaAuthApiRef,
  oneloginAuthApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { InputError } from '@backstage/errors';
import { type SignInPageProps } from '@backstage/plugin-app-react';

const PROVIDERS = {
  github: ['GitHub', githubAuthApiRef],
  gitlab: ['GitLab', gitlabAuthApiRef],
  google: ['Google', googleAuthApiRef],
  microsoft: ['Microsoft', microsoftAuthApiRef],
  okta: ['Okta', oktaAuthApiRef],
  onelogin: ['OneLogin', oneloginAuthApiRef],
  bitbucket: ['Bitbucket', bitbucketAuthApiRef],
} as const;

/** Backstage's own sign-in page with the providers of `signIn.providers`. */
export function ConfiguredSignIn(props: SignInPageProps) {
  const names = useApi(configApiRef).getOptionalStringArray(
    'signIn.providers',
  ) ?? ['guest'];
  return <SignInPage {...props} providers={names.map(provider)} />;
}

function provider(name: string) {
  if (name === 'guest') return name;
  if (!(name in PROVIDERS)) {
    throw new InputError(
      `signIn.providers: "${name}" is no known provider. Use guest, ${Object.keys(
        PROVIDERS,
      ).join(', ')}; for any other, replace this page in packages/app.`,
    );
  }
  const [title, apiRef] = PROVIDERS[name as keyof typeof PROVIDERS];
  return { id: `${name}-auth-provider`, title, message: title, apiRef };
}
