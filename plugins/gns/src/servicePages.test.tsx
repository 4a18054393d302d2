import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as fixtures from '../dev/fixtures';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

describe('the page of one global service', () => {
  it('is where the list of services leads', async () => {
    open('/gns/shop/services');
    expect(
      await screen.findByRole('link', { name: 'payments' }, SLOW),
    ).toHaveAttribute('href', '/gns/shop/services/payments');
  });

  it('shows what to copy, where it runs, who owns it and its pods', async () => {
    open('/gns/shop/services/payments');
    expect(
      await screen.findByRole('heading', { name: 'payments', level: 3 }, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', {
        name: 'Copy payments.shop.gns.example:8080',
      }),
    ).toBeInTheDocument();
    const row = within(
      screen.getByRole('table', { name: 'Endpoints per cluster' }),
    ).getByRole('row', { name: /cloud-b/ });
    expect(row).toHaveTextContent('shop-backend/payments');
    expect(row).toHaveTextContent('2 of 2 ready');
    expect(
      await screen.findByRole('link', { name: 'Payments' }),
    ).toHaveAttribute('href', '/catalog/default/component/payments');
    expect(screen.getByRole('link', { name: 'Pods' })).toHaveAttribute(
      'href',
      '/catalog/default/component/payments/kubernetes',
    );
  });

  it('asks why somebody cannot call it', async () => {
    open('/gns/shop/services/payments');
    expect(
      await screen.findByRole(
        'link',
        { name: 'Why can’t somebody call payments?' },
        SLOW,
      ),
    ).toHaveAttribute('href', '/gns/diagnose?to=shop%2Fpayments');
    expect(
      screen.getByRole('link', { name: 'Check the way from cloud-a/shop-web' }),
    ).toHaveAttribute(
      'href',
      '/gns/diagnose?from=cloud-a%2Fshop-web&to=shop%2Fpayments',
    );
  });

  it('without a component in the catalog says how to annotate one', async () => {
    open('/gns/shop/services/orders');
    expect(
      await screen.findByText(
        /gns.isthmus.dev\/service: shop\/orders/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
  });

  it('says so when there is none of that name', async () => {
    open('/gns/shop/services/nothing');
    expect(
      await screen.findByText(
        'The global namespace shop has no service nothing',
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
  });
});

describe('why can’t A call B', () => {
  it('draws the links, the first broken one in plain words with its remedy', async () => {
    open('/gns/diagnose?from=shop/tills&to=shop/payments');
    const answer = await screen.findByRole('status', {}, SLOW);
    await screen.findByText(/The call cannot work\. Gateway:/, {}, SLOW);
    expect(answer).toBeDefined();
    const [chain] = screen.getAllByRole('list', { name: 'Links of the call' });
    const links = within(chain)
      .getAllByRole('listitem')
      .map(one => [
        within(one).getByRole('img').getAttribute('aria-label'),
        one.getAttribute('aria-current'),
      ]);
    expect(links).toEqual([
      ['holds', null],
      ['holds', null],
      ['holds', null],
      ['holds', null],
      ['broken', 'step'],
      ['unknown', null],
      ['unknown', null],
      ['unknown', null],
      ['unknown', null],
    ]);
    expect(within(chain).getByText(/Let edge-1 reach/)).toBeInTheDocument();
    expect(chain).toHaveTextContent(/connect timed out after 5 s.*ago/);
    expect(
      within(chain).getAllByText(
        'cannot be told before the earlier link is mended',
      ),
    ).toHaveLength(4);
    expect(
      screen.getByRole('button', {
        name: /From cloud-a\/shop-web\/storefront/,
      }),
    ).toHaveAttribute('aria-expanded', 'false');
  });

  it('asks what was picked or written, and keeps it in the address', async () => {
    const { hub } = open('/gns/diagnose?to=shop/payments');
    const asked = jest.spyOn(hub, 'diagnose');
    const from = await screen.findByRole('combobox', { name: /Caller/ }, SLOW);
    await userEvent.click(screen.getByRole('button', { name: 'Find out' }));
    expect(screen.getByText('Say who')).toBeInTheDocument();
    expect(asked).not.toHaveBeenCalled();
    await userEvent.type(from, 'cloud-a/shop-web');
    await userEvent.type(screen.getByRole('textbox', { name: /Port/ }), '8080');
    await userEvent.click(screen.getByRole('button', { name: 'Find out' }));
    await screen.findByText(/The call cannot work\. Gateway/);
    expect(asked).toHaveBeenCalledWith(
      { from: 'cloud-a/shop-web', to: 'shop/payments', port: 8080 },
      expect.anything(),
    );
  });

  it('says which name the hub does not know', async () => {
    open('/gns/diagnose?from=nowhere/at-all&to=shop/payments');
    expect(
      await screen.findByText('There is no cluster "nowhere"', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('lets a newer hub speak for itself', async () => {
    const [chain] = fixtures.diagnosis.chains;
    open('/gns/diagnose?from=shop/tills&to=shop/payments', {
      diagnose: async () => ({
        ...fixtures.diagnosis,
        chains: [
          {
            ...chain,
            links: chain.links.map(one =>
              one.link === 'gateway' ? { ...one, reason: 'brandNew' } : one,
            ),
          },
        ],
      }),
    });
    expect(
      await screen.findByText(
        /Gateway: edge-1 cannot open a connection/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
  });
});
