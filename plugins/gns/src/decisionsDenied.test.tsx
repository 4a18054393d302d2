import { screen } from '@testing-library/react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

// In a file of its own: permissions are cached between the components of a page, and of a test file.
describe('decisions', () => {
  it('can be seen, not taken, without the permission', async () => {
    open('/gns/decisions', {}, AuthorizeResult.DENY);
    expect(
      await screen.findByText(
        /needs the permission gns.rollout.approve/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Release' })).toBeNull();
  });
});
