import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as fixtures from '../dev/fixtures';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

const [cloudA, cloudB] = fixtures.clusters;

describe('the list of clusters', () => {
  it('names who is silent, and leads to the page of each', async () => {
    open('/gns/clusters');
    expect(
      await screen.findByRole('link', { name: 'edge-1' }, SLOW),
    ).toHaveAttribute('href', '/gns/-/clusters/edge-1');
    expect(screen.getByText('1 cluster is silent')).toBeInTheDocument();
    expect(screen.getByText(/1 way does not work/)).toBeInTheDocument();
  });

  it('takes filter and order from the address', async () => {
    open('/gns/clusters?show=attention&sort=worst');
    expect(
      await screen.findByText('2 of 4 clusters', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'lab-1' })).toBeNull();
  });

  it('says when nothing is found, and how to see all again', async () => {
    open('/gns/clusters?search=nowhere&show=silent');
    expect(
      await screen.findByText('No cluster matches', {}, SLOW),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all clusters' }),
    );
    expect(screen.getByRole('link', { name: 'lab-1' })).toBeInTheDocument();
  });

  it('says how old the measurements of a silent controller are', async () => {
    open('/gns/clusters');
    const matrix = await screen.findByRole(
      'table',
      { name: 'Gateway reachability' },
      SLOW,
    );
    const [, ofA, ofB, ofEdge] = within(matrix).getAllByRole('row');
    expect(ofEdge).toHaveTextContent(/measured/);
    expect(ofA).not.toHaveTextContent(/measured/);
    expect(ofB).toHaveTextContent(/unreachableconnect timed out/);
  });
});

describe('the page of one cluster', () => {
  it('shows versions, capabilities, global namespaces and both directions', async () => {
    open('/gns/-/clusters/cloud-b');
    expect(
      await screen.findByRole('heading', { name: 'cloud-b', level: 2 }, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText('Istio 1.31.0')).toBeInTheDocument();
    expect(
      screen
        .getByText('It reaches the gateways of other clusters')
        .closest('li'),
    ).toHaveTextContent('1 of 2 measured');
    expect(
      await screen.findByRole('link', { name: 'Web shop' }),
    ).toHaveAttribute('href', '/gns/shop/clusters');
    const row = within(
      screen.getByRole('table', { name: 'Gateway reachability' }),
    ).getByRole('row', { name: /edge-1/ });
    expect(row).toHaveTextContent(/connect timed out.*reachable in 12 ms/);
  });

  it('of one that never came says what it waits for', async () => {
    open('/gns/-/clusters/lab-1');
    expect(
      await screen.findByText(/join token runs out/, {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  });

  it('says so when there is none of that name', async () => {
    open('/gns/-/clusters/nobody');
    expect(
      await screen.findByText('There is no cluster nobody', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('drains after saying what it costs, with the plan that was read', async () => {
    let cluster = cloudB;
    const drained = jest.fn(async () => {
      cluster = { ...cloudB, drained: true };
    });
    open('/gns/-/clusters/cloud-b', {
      listClusters: async () => ({ items: [cloudA, cluster] }),
      setDrained: drained,
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Drain' }, SLOW),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText(/2 callers lose/),
    ).toBeInTheDocument();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Drain' }),
    );
    expect(drained).toHaveBeenCalledWith('cloud-b', true, { plan: 'cost-1' });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() =>
      expect(screen.getByRole('heading', { name: 'cloud-b' })).toHaveFocus(),
    );
  });

  it('disconnects only after a tick', async () => {
    const deleted = jest.fn().mockResolvedValue(undefined);
    open('/gns/-/clusters/cloud-b', { deleteCluster: deleted });
    await userEvent.click(
      await screen.findByRole('button', { name: 'More actions' }, SLOW),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Disconnect…' }),
    );
    const dialog = await screen.findByRole('dialog');
    const button = within(dialog).getByRole('button', { name: 'Disconnect' });
    expect(button).toBeDisabled();
    await within(dialog).findByText(/2 callers lose/);
    fireEvent.click(
      within(dialog).getByRole('checkbox', {
        name: 'I have read what it costs',
      }),
    );
    await userEvent.click(button);
    expect(deleted).toHaveBeenCalledWith('cloud-b', { plan: 'cost-1' });
  });

  it('says that nobody can tell the cost, and what the hub answered to the deed', async () => {
    open('/gns/-/clusters/cloud-a', {
      listClusters: async () => ({ items: [cloudA, cloudB] }),
      getConsequences: async () => {
        throw new Error('composition is behind');
      },
      setPaused: async () => {
        throw new Error('the hub is read-only');
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Pause' }, SLOW),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText('composition is behind'),
    ).toBeInTheDocument();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Pause' }),
    );
    expect(
      await within(dialog).findByText('the hub is read-only'),
    ).toBeInTheDocument();
  });
});
