import { githubAuthApiRef } from '@backstage/frontend-plugin-api';
import { signInProvider } from './signInProvider';

describe('signInProvider', () => {
  it('offers a provider by its name', () => {
    expect(signInProvider('github')).toMatchObject({
      title: 'GitHub',
      apiRef: githubAuthApiRef,
    });
    expect(signInProvider('guest')).toBe('guest');
  });

  it.each(['githud', 'constructor', ''])(
    'refuses "%s" with the choices',
    name => {
      expect(() => signInProvider(name)).toThrow(
        new RegExp(
          `signIn.providers: "${name}" is no known provider. Use guest`,
        ),
      );
    },
  );
});
