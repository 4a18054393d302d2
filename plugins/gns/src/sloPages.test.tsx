import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import { type SloList, type SloSummary } from '@isthmus/plugin-gns-common';
import {
  manySlos,
  sloDetail,
  sloListOf,
  slos,
  sloSummary,
} from '../dev/sloFixtures';
import { openPage as open, SLOW } from './__testUtils__/openPage';
import { type GnsApi } from './api';

jest.setTimeout(60_000);

function openSlos(
  path: string,
  list: (filter: { cursor?: string }) => Promise<SloList> = async () =>
    sloListOf(slos),
) {
  return open(path, { slo: { list } as unknown as GnsApi['slo'] });
}

const listed = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map(row => within(row).getAllByRole('link')[0].textContent);

describe('the overview of objectives', () => {
  it('shows them worst first, over all global namespaces', async () => {
    openSlos('/gns/slos');
    await screen.findByText('Payments answer fast', {}, SLOW);
    expect(listed()).toEqual([
      'Payments answer fast',
      'Ledger books',
      'Search finds',
      'Reports run',
      'Checkout answers',
      'Nightly import',
    ]);
    expect(screen.getByText('6 objectives')).toBeInTheDocument();
  });

  it('says what burns, since when and in which cluster', async () => {
    openSlos('/gns/slos');
    const row = (
      await screen.findByText('Payments answer fast', {}, SLOW)
    ).closest('[role="row"]') as HTMLElement;
    expect(within(row).getByText('Violated')).toBeInTheDocument();
    expect(within(row).getByText('98.82%')).toBeInTheDocument();
    expect(within(row).getByText('of 99%')).toBeInTheDocument();
    expect(within(row).getByText('18% overspent')).toBeInTheDocument();
    expect(within(row).getByText('18.4×')).toBeInTheDocument();
    expect(
      within(row).getByText('payments in cloud-b, for 2 hours'),
    ).toBeInTheDocument();
  });

  it('tells undecided, no data and no traffic apart, and shows none of them as a number', async () => {
    openSlos('/gns/slos');
    const row = async (title: string) =>
      within(
        (await screen.findByText(title, {}, SLOW)).closest(
          '[role="row"]',
        ) as HTMLElement,
      );
    const undecided = await row('Search finds');
    expect(undecided.getByText('Undecided')).toBeInTheDocument();
    expect(undecided.getByText('98.2% to 99.93%')).toBeInTheDocument();
    const dark = await row('Reports run');
    expect(dark.getByText('No data')).toBeInTheDocument();
    expect(dark.getByText('unknown')).toBeInTheDocument();
    expect(dark.getByText('budget unknown')).toBeInTheDocument();
    const quiet = await row('Nightly import');
    expect(quiet.getAllByText('No traffic')).toHaveLength(2);
    expect(quiet.getByText('nothing used')).toBeInTheDocument();
  });

  it('keeps what is chosen in the address, and reads it from there', async () => {
    openSlos('/gns/slos?state=violated&state=noData&q=shop');
    await screen.findByText('Payments answer fast', {}, SLOW);
    expect(listed()).toEqual(['Payments answer fast', 'Reports run']);
    await userEvent.click(screen.getByRole('button', { name: /^Violated/ }));
    expect(listed()).toEqual(['Reports run']);
    // What is not chosen is counted all the same.
    expect(screen.getByRole('button', { name: 'Violated 1' })).toBeVisible();
  });

  it('finds what is searched, and leads back from nothing', async () => {
    openSlos('/gns/slos');
    await screen.findByText('Payments answer fast', {}, SLOW);
    await userEvent.type(screen.getByRole('searchbox'), 'no such thing');
    expect(await screen.findByText('No objective matches')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(await screen.findByText('Ledger books')).toBeInTheDocument();
  });

  it('draws few of a thousand rows, and says how many there are', async () => {
    openSlos('/gns/slos', async () => sloListOf(manySlos(1000)));
    expect(
      await screen.findByText('1000 objectives', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '1001');
    const scroller = screen.getByRole('region', { name: 'Objectives' });
    scroller.scrollTop = 68 * 900;
    fireEvent.scroll(scroller);
    expect(await screen.findByText('Objective 905')).toBeInTheDocument();
    expect(screen.queryByText('Objective 1')).not.toBeInTheDocument();
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });

  it('reads all pages of a list', async () => {
    const all = manySlos(1500);
    const list = jest.fn(async ({ cursor }: { cursor?: string }) => ({
      ...sloListOf(all),
      items: cursor ? all.slice(1000) : all.slice(0, 1000),
      ...(cursor ? {} : { nextCursor: 'more' }),
    }));
    openSlos('/gns/slos', list);
    expect(
      await screen.findByText('1500 objectives', {}, SLOW),
    ).toBeInTheDocument();
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('says so when there are more than it reads', async () => {
    const some: SloSummary[] = [sloSummary()];
    openSlos('/gns/slos', async () => ({
      ...sloListOf(some),
      total: 9000,
      nextCursor: 'more',
    }));
    expect(
      await screen.findByText('The worst 5 of 9000 are shown', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('without any, shows how the first one is made', async () => {
    openSlos('/gns/slos', async () => sloListOf([]));
    expect(
      await screen.findByText('No objective yet', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/curl -X PUT .*ServiceLevelObjective\/shop\/checkout/),
    ).toBeInTheDocument();
  });

  it('without permission, names it', async () => {
    openSlos('/gns/slos', async () => {
      throw new NotAllowedError('no');
    });
    expect(
      await screen.findByText('You may not see this', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('after an error tries again on request', async () => {
    let down = true;
    openSlos('/gns/slos', async () => {
      if (down) throw new TypeError('Failed to fetch');
      return sloListOf(slos);
    });
    await screen.findByText('The hub did not answer', {}, SLOW);
    down = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Ledger books')).toBeInTheDocument();
  });
});

describe('the objectives of one global namespace', () => {
  it('are those of it alone', async () => {
    open('/gns/shop/slos');
    await screen.findByText('Payments answer fast', {}, SLOW);
    expect(screen.queryByText('Ledger books')).not.toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByText('5 objectives')).toBeInTheDocument(),
    );
  });
});

describe('the page of an objective', () => {
  it('says whether it is kept, what is left, what burns and what happened', async () => {
    open('/gns/shop/slos/payments');
    expect(
      await screen.findByRole(
        'heading',
        { name: 'Payments answer fast', level: 2 },
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('18% overspent')).toBeInTheDocument();
    expect(
      screen.getByText('11,800 bad of 10,000 that may be'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('300 ms is no bucket edge: judged at 250 ms'),
    ).toBeInTheDocument();
    expect(screen.getByText('already')).toBeInTheDocument();
    expect(
      screen.getByText('page: more than 13.4× over 1 hour and 5 minutes'),
    ).toBeInTheDocument();
    // A rule whose window is not known is not quiet.
    const rule = screen.getByText(/^ticket: more than/).closest('tr')!;
    expect(within(rule).getByText('unknown / 9.1×')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'payments 1.42.0' }),
    ).toHaveAttribute('href', 'https://ci.example/builds/142');
    expect(screen.getByText('judged anew')).toBeInTheDocument();
    expect(
      screen.getByText(/judged by the objective of today/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/There is data from .* on only/),
    ).toBeInTheDocument();
  });

  it('has a table for each chart that says the same, unknown as unknown', async () => {
    open('/gns/shop/slos/payments');
    const chosen = await screen.findByRole(
      'radiogroup',
      { name: 'Error budget over time, shown as' },
      SLOW,
    );
    expect(
      screen.getByRole('img', {
        name: 'Error budget of fast over time, now -10%',
      }),
    ).toBeInTheDocument();
    await userEvent.click(within(chosen).getByRole('radio', { name: 'Table' }));
    const table = screen.getByRole('table', { name: 'Error budget over time' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(sloDetail.burnDown.times.length);
    const dark = rows.length - 1 - 43;
    expect(rows[dark]).toHaveTextContent(/unknownunknown0%$/);
  });

  it('lists bad and unknown stretches beside the heat map', async () => {
    open('/gns/shop/slos/payments');
    const chosen = await screen.findByRole(
      'radiogroup',
      { name: 'When it went wrong, shown as' },
      SLOW,
    );
    expect(
      screen.getByRole('img', {
        name: 'Of 672 slices 11 were over budget and 19 unknown',
      }),
    ).toBeInTheDocument();
    await userEvent.click(within(chosen).getByRole('radio', { name: 'Table' }));
    const table = screen.getByRole('table', { name: 'When it went wrong' });
    const [, bad, unknown] = within(table).getAllByRole('row');
    expect(bad).toHaveTextContent(/11 hoursover budget18×/);
    expect(unknown).toHaveTextContent(/19 hoursunknown/);
  });

  it('shows another objective of the definition, in the address', async () => {
    const get = jest.fn(async (_: object, { objective = 'fast' }) => ({
      ...sloDetail,
      heatMap: { ...sloDetail.heatMap, objective },
    }));
    open('/gns/shop/slos/payments', {
      slo: { get } as unknown as GnsApi['slo'],
    });
    const choice = await screen.findByRole(
      'radiogroup',
      { name: 'Objective that is shown' },
      SLOW,
    );
    await userEvent.click(
      within(choice).getByRole('radio', { name: 'available' }),
    );
    expect(
      await screen.findByText(/Slices of 1 hour of “available”/),
    ).toBeInTheDocument();
    expect(get).toHaveBeenLastCalledWith(
      { gns: 'shop', name: 'payments' },
      { objective: 'available' },
      expect.anything(),
    );
  });

  it.each([
    ['indeterminate', 'Whether it is kept cannot be told', /edge-1/],
    ['noData', 'There is no data', /neither good nor bad/],
    ['noTraffic', 'There was no traffic', /no budget was used/],
  ] as const)('says what %s means', async (state, title, text) => {
    open('/gns/shop/slos/payments', {
      slo: {
        get: async () => ({
          ...sloDetail,
          summary: {
            ...sloDetail.summary,
            state,
            silentClusters: ['edge-1'],
          },
        }),
      } as unknown as GnsApi['slo'],
    });
    expect(await screen.findByText(title, {}, SLOW)).toBeInTheDocument();
    expect(screen.getAllByText(text).length).toBeGreaterThan(0);
  });

  it('of one that is not there leads to those that are', async () => {
    open('/gns/shop/slos/nothing');
    expect(
      await screen.findByText('There is no objective “nothing”', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'See all objectives' }),
    ).toHaveAttribute('href', '/gns/shop/slos');
  });
});

describe('the list of global namespaces', () => {
  it('tells on each card how many objectives are in which state', async () => {
    open('/gns');
    const card = (
      await screen.findByRole('heading', { name: 'Web shop' }, SLOW)
    ).closest('li')!;
    const counts = await within(card).findByRole('list', {
      name: 'Objectives',
    });
    expect(
      within(counts)
        .getAllByRole('img')
        .map(one => one.getAttribute('aria-label')),
    ).toEqual([
      '1 Violated',
      '1 Undecided',
      '1 No data',
      '1 Healthy',
      '1 No traffic',
    ]);
  });
});
