import { screen } from '@testing-library/react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import * as fixtures from '../dev/authorityFixtures';
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

  it('offers no step of a rotation, and names the permission', async () => {
    const authority = Object.assign(new FakeAuthority(), {
      shop: fixtures.rotating,
    });
    openPage(
      '/gns/shop/identity',
      { authority: authority as unknown as GnsApi['authority'] },
      AuthorizeResult.DENY,
    );
    expect(
      await screen.findAllByText(
        /needs the permission gns.authority.rotate/,
        {},
        SLOW,
      ),
    ).toHaveLength(2);
    expect(
      screen.queryByRole('region', { name: 'Backup, and a CA of yours' }),
    ).toBeNull();
    expect(screen.queryByRole('button', { name: /Reverse/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /revoke/ })).toBeNull();
  });
});
