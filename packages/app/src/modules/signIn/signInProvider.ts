import {
  bitbucketAuthApiRef,
  githubAuthApiRef,
  gitlabAuthApiRef,
  googleAuthApiRef,
  microsoftAuthApiRef,
  oktaAuthApiRef,
  oneloginAuthApiRef,
} from '@backstage/frontend-plugin-api';
import { InputError } from '@backstage/errors';

const PROVIDERS = {
  github: ['GitHub', githubAuthApiRef],
  gitlab: ['GitLab', gitlabAuthApiRef],
  google: ['Google', googleAuthApiRef],
  microsoft: ['Microsoft', microsoftAuthApiRef],
  okta: ['Okta', oktaAuthApiRef],
  onelogin: ['OneLogin', oneloginAuthApiRef],
  bitbucket: ['Bitbucket', bitbucketAuthApiRef],
} as const;

/**
 * What Backstage's sign-in page needs to offer one provider of
 * `signIn.providers`.
 * @throws InputError for a name that is none
 */
export function signInProvider(name: string) {
  if (name === 'guest') return name;
  if (!Object.hasOwn(PROVIDERS, name)) {
    throw new InputError(
      `signIn.providers: "${name}" is no known provider. Use guest, ${Object.keys(
        PROVIDERS,
      ).join(', ')}; for any other, replace the sign-in page of this portal.`,
    );
  }
  const [title, apiRef] = PROVIDERS[name as keyof typeof PROVIDERS];
  return { id: `${name}-auth-provider`, title, message: title, apiRef };
}
