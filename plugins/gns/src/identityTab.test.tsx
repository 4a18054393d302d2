import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import * as fixtures from '../dev/authorityFixtures';
import { FakeAuthority } from '../dev/FakeAuthority';
import { hub as hubStatus, shopStatus } from '../dev/fixtures';
import { openPage, SLOW } from './__testUtils__/openPage';
import { type GnsApi } from './api';
import { saveFile } from './components/IdentityTab/saveFile';

jest.mock('./components/IdentityTab/saveFile');
jest.setTimeout(60_000);

const PATH = '/gns/shop/identity';

function open(
  state: FakeAuthority['shop'],
  options: {
    path?: string;
    answers?: Partial<FakeAuthority>;
  } = {},
) {
  const authority = Object.assign(
    new FakeAuthority(),
    { shop: state },
    options.answers,
  );
  const page = openPage(options.path ?? PATH, {
    authority: authority as unknown as GnsApi['authority'],
  });
  return { ...page, authority };
}

const region = (name: string) => screen.findByRole('region', { name }, SLOW);

describe('the identity tab', () => {
  it('without an authority says what the mesh gives, and what one would', async () => {
    open(undefined);
    expect(
      await screen.findByText(
        'Its workloads have certificates of the mesh',
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Change the authority' }),
    ).toHaveAttribute('href', '/gns/shop/edit');
  });

  it('says that the authority is on its way', async () => {
    const none = Object.assign(new FakeAuthority(), { shop: undefined });
    openPage(PATH, {
      getGlobalNamespace: async () => ({
        ...shopStatus,
        authority: { mode: 'dedicated', trustDomain: 'cluster.local' },
      }),
      authority: none as unknown as GnsApi['authority'],
    });
    expect(
      await screen.findByText('The authority is being made', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('names the permission that is missing', async () => {
    open(fixtures.authority, {
      answers: {
        get: async () => {
          throw new NotAllowedError('no');
        },
      },
    });
    expect(
      await screen.findByText(/gns\.authority\.read/, {}, SLOW),
    ).toBeInTheDocument();
  });

  it('shows the chain: roots, issuers by cluster, live certificates', async () => {
    open(fixtures.rotating);
    const chain = await region('Chain of trust');
    const [next, old] = within(chain).getAllByRole('button');
    expect(next).toHaveTextContent(/Root 2.*signs 1 hour ago/);
    expect(old).toHaveTextContent(/Root 1.*old 1 hour ago/);
    expect(
      within(chain).getByText(/Root 1 vouches for it until/),
    ).toBeInTheDocument();
    const issuers = within(chain).getByText('cloud-a').closest('li')!;
    expect(issuers).toHaveTextContent('24 live certificates');
    expect(within(chain).getByText('former issuer')).toBeInTheDocument();
    const edge = within(chain).getByText('edge-1').closest('li')!;
    expect(edge).toHaveTextContent('2 pods unknown');
    expect(edge).toHaveTextContent('stale');
    await userEvent.click(next);
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(fixtures.NEXT_ROOT);
    expect(dialog).toHaveTextContent(
      'sealed in the database with config, key kek-1',
    );
    expect(dialog).not.toHaveTextContent('PRIVATE KEY');
  });

  it('shows lives as bars, also in words', async () => {
    open(fixtures.authority);
    const lives = await region('Life times');
    expect(
      within(lives).getByRole('img', {
        name: /^Issuer of cloud-a: 29% of its life is over, it ends in/,
      }),
    ).toHaveAttribute('data-state', 'young');
    expect(
      within(lives).getByRole('img', { name: /^Issuer of edge-1/ }),
    ).toHaveAttribute('data-state', 'late');
    expect(lives).toHaveTextContent(
      'Certificates of workloads live 1 hour, issuers 1 week.',
    );
  });

  it('says what ends before long and was not renewed', async () => {
    open(fixtures.authority);
    const soon = await region('Ends before long');
    expect(
      await within(soon).findByText(/The issuer of edge-1 ends in 19 hours/),
    ).toBeInTheDocument();
    expect(
      await within(soon).findByText(/15 pods hold certificates/),
    ).toBeInTheDocument();
    await userEvent.click(
      within(soon).getByRole('button', { name: 'Show them' }),
    );
    expect(
      screen.getByRole('radio', { name: 'Not renewed in time' }),
    ).toBeChecked();
  });

  it('says that nothing can be signed, with the remedy, and shows the rest', async () => {
    open(fixtures.unavailable);
    expect(
      await screen.findByText('Nothing can be signed now', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText(/gns\.authority\.keys/)).toBeInTheDocument();
    expect(await region('Chain of trust')).toBeInTheDocument();
  });

  it('says that members are leaving', async () => {
    open({ ...fixtures.authority, mode: 'mesh' });
    expect(
      await screen.findByText(/members are leaving this authority/, {}, SLOW),
    ).toBeInTheDocument();
  });

  it('shows the same over REST', async () => {
    open(fixtures.authority);
    await userEvent.click(
      await screen.findByRole('button', { name: /The same over REST/ }, SLOW),
    );
    expect(
      await screen.findByText(
        /curl http.*\/v1\/global-namespaces\/shop\/authority\/bundle/,
      ),
    ).toBeInTheDocument();
  });

  it('hands out the trust bundle as a file', async () => {
    const { authority } = open(fixtures.rotating);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Download the bundle' }, SLOW),
    );
    const { pem } = await authority.getTrustBundle('shop');
    await waitFor(() =>
      expect(saveFile).toHaveBeenCalledWith(
        'shop-trust-bundle.pem',
        'application/x-pem-file',
        pem,
      ),
    );
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });
});

describe('the log of issued certificates', () => {
  // Faster than by role, which reckons the name of each of a hundred rows.
  const count = () => screen.queryAllByText(/^spiffe:/).length;
  const shows = (certificates: number) =>
    waitFor(() => expect(count()).toBe(certificates), SLOW);

  it('is read page by page', async () => {
    open(fixtures.authority);
    await shows(50);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show older ones' }),
    );
    await shows(100);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show older ones' }),
    );
    await shows(120);
    expect(screen.queryByRole('button', { name: 'Show older ones' })).toBe(
      null,
    );
  });

  it('is searched, and tells when nothing is found', async () => {
    const { authority } = open(fixtures.authority);
    await shows(50);
    await userEvent.type(
      screen.getByRole('searchbox', { name: /Find by namespace/ }),
      'sa/batch',
    );
    await shows(1);
    expect(
      screen.getByText('the mesh (joining or leaving)'),
    ).toBeInTheDocument();
    // Not once for each letter.
    const searches = authority.calls.filter(
      ([name, query]) =>
        name === 'listIssuances' && (query as { search?: string }).search,
    );
    expect(searches.length).toBeLessThan('sa/batch'.length);
    await userEvent.type(
      screen.getByRole('searchbox', { name: /Find by namespace/ }),
      ' none',
    );
    expect(
      await screen.findByText('No certificate matches', {}, SLOW),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    await shows(50);
  });

  it('keeps what is chosen in the address', async () => {
    const { authority } = open(fixtures.authority, {
      path: `${PATH}?cluster=cloud-b&issued=valid`,
    });
    await waitFor(() => expect(count()).toBeGreaterThan(0), SLOW);
    expect(
      authority.calls.some(
        ([, query]) =>
          JSON.stringify(query) ===
          JSON.stringify({ cluster: 'cloud-b', state: 'valid' }),
      ),
    ).toBe(true);
  });
});

describe('the portal', () => {
  it('says on its list that nothing can be signed', async () => {
    openPage('/gns', {
      getHub: async () => ({
        ...hubStatus,
        authorities: {
          state: 'unavailable',
          reason: 'KeyMissing',
          message: 'Put the key-encryption key back.',
        },
      }),
    });
    expect(
      await screen.findByText('Nothing can be signed now', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Put the key-encryption key back.'),
    ).toBeInTheDocument();
  });
});

describe('the page of a cluster', () => {
  it('shows its issuers and the time that it can live alone', async () => {
    openPage('/gns/-/clusters/cloud-a');
    const issuers = await region('Issuers of certificates');
    expect(
      await within(issuers).findByText(/Without the hub it issues until/),
    ).toHaveTextContent('in 11 hours');
    expect(within(issuers).getByRole('link', { name: 'shop' })).toHaveAttribute(
      'href',
      '/gns/shop/identity',
    );
    expect(
      within(issuers).getByRole('img', { name: /^bank: 93% of its life/ }),
    ).toHaveAttribute('data-state', 'late');
  });

  it('says that nothing is issued there', async () => {
    const none = Object.assign(new FakeAuthority(), {
      listClusterIssuers: async () => ({
        ...fixtures.clusterIssuers,
        items: [],
      }),
    });
    openPage('/gns/-/clusters/cloud-a', {
      authority: none as unknown as GnsApi['authority'],
    });
    expect(
      await screen.findByText(/It issues nothing/, {}, SLOW),
    ).toBeInTheDocument();
  });
});
