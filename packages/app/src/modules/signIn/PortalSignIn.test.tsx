import { Suspense } from 'react';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { PortalSignIn } from './PortalSignIn';

const DEMO = {
  backend: { baseUrl: 'http://localhost:7007' },
  auth: { environment: 'development' },
  demo: { personas: true },
};

function show(data: Record<string, object>) {
  const onSignInSuccess = jest.fn();
  renderInTestApp(
    <Suspense fallback={null}>
      <PortalSignIn onSignInSuccess={onSignInSuccess} />
    </Suspense>,
    { config: data as never },
  );
  return onSignInSuccess;
}

// The first test of the file loads the components.
jest.setTimeout(60_000);

describe('PortalSignIn', () => {
  const realFetch = global.fetch;
  const fetched = jest.fn();
  beforeEach(() => {
    global.fetch = fetched;
  });
  afterEach(() => {
    global.fetch = realFetch;
    fetched.mockReset();
    sessionStorage.clear();
  });

  it('signs in the person that was chosen, and forgets her at sign-out', async () => {
    fetched.mockResolvedValue({
      ok: true,
      json: async () => ({
        profile: {},
        backstageIdentity: {
          token: '',
          identity: {
            type: 'user',
            userEntityRef: 'user:default/grace',
            ownershipEntityRefs: ['group:default/shop'],
          },
        },
      }),
    });
    const onSignInSuccess = show(DEMO);
    fireEvent.click(
      await screen.findByRole('button', { name: 'Enter as Grace' }),
    );
    await waitFor(() => expect(onSignInSuccess).toHaveBeenCalledTimes(1));
    expect(fetched.mock.calls[0][0]).toMatch(
      /\/auth\/demo-developer\/refresh$/,
    );
    expect(sessionStorage).toHaveLength(1);

    const [identity] = onSignInSuccess.mock.calls[0];
    await expect(identity.getBackstageIdentity()).resolves.toMatchObject({
      userEntityRef: 'user:default/grace',
    });
    await identity.signOut();
    expect(sessionStorage).toHaveLength(0);
  });

  it('says what is missing when the backend offers nobody', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'));
    show(DEMO);
    fireEvent.click(
      await screen.findByRole('button', { name: 'Enter as Ada' }),
    );
    expect(await screen.findByText('Sign-in failed')).toBeInTheDocument();
    fireEvent.click(screen.getByRole('button', { name: 'Somebody else' }));
    expect(
      await screen.findByRole('button', { name: 'Enter as Ada' }),
    ).toBeInTheDocument();
  });
});
