import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import { shopTraffic } from '../dev/traffic';
import { openPage as open, SLOW } from './__testUtils__/openPage';
import { type GnsApi } from './api';

jest.setTimeout(60_000);

const PAYMENTS = /^Service payments, Failing, receives 11\.9\/s/;
const at = (query: string) => open(`/gns/shop/topology${query}`);
const telemetry = (part: object) =>
  ({
    getTraffic: async () => shopTraffic(),
    getRanges: async () => {
      throw new Error('none');
    },
    getSeries: async () => {
      throw new Error('none');
    },
    ...part,
  } as unknown as GnsApi['telemetry']);

describe('the topology as a graph', () => {
  it('names nodes and calls with their figures for screen readers', async () => {
    at('');
    expect(
      await screen.findByLabelText(PAYMENTS, {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByLabelText(/^Cluster cloud-b/)).toBeInTheDocument();
    expect(
      screen.getAllByLabelText(/^Gateway eastwest/).length,
    ).toBeGreaterThan(0);
    expect(
      screen.getByLabelText(
        /^Callers outside the mesh outside the mesh, cloud-a/,
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByLabelText(
        'checkout calls payments, http, Failing, 11.9/s, errors 12%, p95 5.6 s, mTLS 100%',
      ),
    ).toBeInTheDocument();
  });

  it('never shows the unknown as zero, and names the silent cluster with the reason', async () => {
    at('');
    expect(
      await screen.findByLabelText(
        /^Service tills, Health unknown, receives unknown, errors unknown/,
        {},
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/edge-1, last .*Prometheus answered 503/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/cloud-b: 96% of the window is known.*shop-data/),
    ).toBeInTheDocument();
  });

  it('switches the quantile everywhere', async () => {
    at('?latency=p50');
    expect(
      await screen.findByLabelText(/^Service payments.*p50 1.4 s/, {}, SLOW),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('radio', { name: 'p99' }));
    expect(
      await screen.findByLabelText(/^Service payments.*p99 >12.6 s/, {}, SLOW),
    ).toBeInTheDocument();
  });

  it('is walked along calls by arrows, one tab stop for all', async () => {
    at('');
    const checkout = await screen.findByLabelText(
      /^Service checkout, Degraded/,
      {},
      SLOW,
    );
    const graph = screen.getByRole('application');
    expect(
      graph.querySelectorAll('.react-flow__node[tabindex="0"]'),
    ).toHaveLength(1);
    checkout.focus();
    fireEvent.keyDown(checkout, { key: 'ArrowRight' });
    await waitFor(() => expect(screen.getByLabelText(PAYMENTS)).toHaveFocus());
    fireEvent.keyDown(screen.getByLabelText(PAYMENTS), { key: 'ArrowDown' });
    await waitFor(() =>
      expect(
        screen.getByLabelText(/^Service orders, Healthy, receives 11.8/),
      ).toHaveFocus(),
    );
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowLeft' });
    await waitFor(() =>
      expect(
        screen.getByLabelText(/^Service checkout, Degraded/),
      ).toHaveFocus(),
    );
    fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
    const panel = await screen.findByRole('region', { name: 'checkout' }, SLOW);
    expect(within(panel).getByText('1 caller')).toBeInTheDocument();
    expect(within(panel).getByText('Calls 2')).toBeInTheDocument();
    fireEvent.keyDown(document.activeElement!, { key: 'Escape' });
    await waitFor(() => expect(panel).not.toBeInTheDocument());
  });

  it('opens a call from its ends, with its course', async () => {
    at('?sel=service:cloud-b/shop-backend/payments');
    const panel = await screen.findByRole('region', { name: 'payments' }, SLOW);
    expect(panel).toHaveTextContent('payments.shop.gns.example');
    expect(
      await within(panel).findByRole('img', {
        name: /^Rate over the past 3 hours: now/,
      }),
    ).toBeInTheDocument();
    expect(within(panel).getByText('503')).toBeInTheDocument();
    await userEvent.click(
      within(panel).getByRole('button', { name: /checkout/ }),
    );
    const call = await screen.findByRole(
      'region',
      {
        name: 'checkout → payments',
      },
      SLOW,
    );
    expect(call).toHaveTextContent('Crosses clustersyes');
    expect(call).toHaveTextContent('Counted bythe caller');
  });

  it('finds by a question, and says what is wrong with one', async () => {
    at('?find=errors > 1%25 AND (cluster = cloud-b OR to = checkout)');
    expect(await screen.findByText('2 found', {}, SLOW)).toBeInTheDocument();
    const find = screen.getByRole('combobox', { name: /^Find/ });
    await userEvent.clear(find);
    await userEvent.type(find, 'nme = x');
    await userEvent.tab();
    expect(
      await screen.findByText('There is no property “nme”'),
    ).toBeInTheDocument();
  });

  it('completes questions by keyboard', async () => {
    at('');
    const find = await screen.findByRole('combobox', { name: /^Find/ }, SLOW);
    await userEvent.type(find, 'clus');
    await userEvent.keyboard('{Tab}');
    expect(find).toHaveValue('cluster ');
    await userEvent.type(find, '= cloud-b');
    expect(await screen.findByText(/ found$/)).toBeInTheDocument();
  });

  it('counts what it hides, and shows it again', async () => {
    at('?hide=cluster = cloud-b&idle=no');
    expect(
      await screen.findByText('+12 nodes hidden, +6 calls hidden', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.queryByLabelText(/^Service payments/)).toBeNull();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show what is hidden' }),
    );
    expect(await screen.findByLabelText(PAYMENTS)).toBeInTheDocument();
    expect(screen.queryByText(/hidden$/)).toBeNull();
  });

  it('counts what the hub left out', async () => {
    open('/gns/shop/topology', {
      telemetry: telemetry({
        getTraffic: async () =>
          shopTraffic('service', { hidden: { nodes: 3, edges: 1200 } }),
      }),
    });
    expect(
      await screen.findByText('+3 nodes hidden, +1200 calls hidden', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('shows the level and the past that its address names', async () => {
    const time = new Date(Date.now() - 3_600_000).toISOString();
    const { hub } = open(
      `/gns/shop/topology?level=namespace&at=${time}&window=900`,
    );
    const asked = jest.spyOn(hub.telemetry, 'getTraffic');
    expect(
      await screen.findByLabelText(/^Namespace shop-backend/, {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.queryByLabelText(/^Service/)).toBeNull();
    expect(asked).toHaveBeenLastCalledWith(
      'shop',
      { level: 'namespace', window: 900, at: time },
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Back to live' }));
    await waitFor(() =>
      expect(asked).toHaveBeenLastCalledWith(
        'shop',
        { level: 'namespace', window: 900, at: undefined },
        expect.anything(),
      ),
    );
  });

  it('replays minute by minute', async () => {
    const { hub } = open('/gns/shop/topology');
    await screen.findByLabelText(PAYMENTS, {}, SLOW);
    const asked = jest.spyOn(hub.telemetry, 'getTraffic');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Replay' }),
    );
    const times = () =>
      asked.mock.calls
        .map(([, options]) => options?.at)
        .filter(time => time !== undefined);
    await waitFor(() => expect(new Set(times()).size).toBeGreaterThan(1), {
      timeout: 20_000,
    });
    const [first, second] = [...new Set(times())];
    expect(Date.parse(second!) - Date.parse(first!)).toBe(60_000);
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
  });

  it('says who lacks the permission, and what to do when the hub fails', async () => {
    open('/gns/shop/topology', {
      telemetry: telemetry({
        getTraffic: async () => {
          throw new NotAllowedError('no');
        },
      }),
    });
    expect(
      await screen.findByText('You may not see this', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('says what to expect while nothing is there', async () => {
    open('/gns/shop/topology', {
      telemetry: telemetry({
        getTraffic: async () =>
          shopTraffic('service', { nodes: [], edges: [] }),
      }),
    });
    expect(
      await screen.findByText('Nothing to draw yet', {}, SLOW),
    ).toBeInTheDocument();
  });
});

describe('the topology as a table', () => {
  it('says the same, sorts by any column and opens rows by keyboard', async () => {
    at('?view=table');
    const table = await screen.findByRole(
      'table',
      { name: 'Topology of Web shop' },
      SLOW,
    );
    const row = within(table)
      .getByRole('rowheader', { name: 'payments' })
      .closest('tr')!;
    expect(row).toHaveTextContent('cloud-b');
    expect(row).toHaveTextContent('11.9/s');
    expect(row).toHaveTextContent('2 of 2 ready');
    const errors = within(table).getByRole('button', { name: 'Errors' });
    errors.focus();
    await userEvent.keyboard('{Enter}');
    expect(errors.closest('th')).toHaveAttribute('aria-sort', 'descending');
    const [first] = within(table).getAllByRole('rowheader');
    expect(first).toHaveTextContent('payments');
    within(first).getByRole('button').focus();
    await userEvent.keyboard('{Enter}');
    expect(
      await screen.findByRole('region', { name: 'payments' }),
    ).toBeInTheDocument();
    const calls = screen.getByRole('table', { name: 'Calls within Web shop' });
    expect(within(calls).getAllByRole('rowheader')[0]).toHaveTextContent(
      'outside the mesh, cloud-a',
    );
  });
});

it('keeps where a reader put a service', async () => {
  const { storage, leave } = at('');
  const payments = await screen.findByLabelText(PAYMENTS, {}, SLOW);
  const before = payments.style.transform;
  act(() => {
    storage.forBucket('gns-topology').set('pins/shop/service', {
      'service:cloud-b/shop-backend/payments': { x: 900, y: 700 },
    });
  });
  await waitFor(() =>
    expect(screen.getByLabelText(PAYMENTS).style.transform).not.toBe(before),
  );
  const pinned = screen.getByLabelText(PAYMENTS).style.transform;
  expect(screen.getByLabelText('put here by hand')).toBeInTheDocument();
  leave();
  open('/gns/shop/topology', {}, undefined, storage);
  await waitFor(
    () => expect(screen.getByLabelText(PAYMENTS).style.transform).toBe(pinned),
    SLOW,
  );
});
