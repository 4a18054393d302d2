import { screen } from '@testing-library/react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { FakeAuthority } from '../dev/FakeAuthority';
import { openPage, SLOW } from './__testUtils__/openPage';
import { type GnsApi } from './api';

jest.setTimeout(60_000);

// In a file of its own: permissions are cached between the components of a page, and of a test file.
describe('the identity tab without permissions', () => {
  it('offers a change of the authority to nobody who may not make it', async () => {
    const none = Object.assign(new FakeAuthority(), { shop: undefined });
    openPage(
      '/gns/shop/identity',
      { authority: none as unknown as GnsApi['authority'] },
      AuthorizeResult.DENY,
    );
    await screen.findByText(/have certificates of the mesh/, {}, SLOW);
    expect(
      screen.queryByRole('link', { name: 'Change the authority' }),
    ).toBeNull();
  });
});
