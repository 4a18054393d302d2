import { screen } from '@testing-library/react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

// Answers of the permission API are kept for a while, so this has a file of its own.
describe('the page of one cluster', () => {
  it('to those who may only look offers nothing to do', async () => {
    open('/gns/-/clusters/cloud-b', {}, AuthorizeResult.DENY);
    await screen.findByRole('heading', { name: 'cloud-b', level: 2 }, SLOW);
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'More actions' })).toBeNull();
  });
});
