import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import * as fixtures from '../dev/fixtures';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

describe('the list of global namespaces', () => {
  it('shows domain, clusters with freshness, services, conditions and decisions', async () => {
    open('/gns');
    const card = (
      await screen.findByRole('heading', { name: 'Web shop' }, SLOW)
    ).closest('li')!;
    expect(within(card).getByText('shop.gns.example')).toBeInTheDocument();
    expect(within(card).getByText('cloud-a')).toBeInTheDocument();
    expect(within(card).getByTitle(/stale · Last report/)).toHaveTextContent(
      'edge-1',
    );
    expect(within(card).getByText('12 services')).toBeInTheDocument();
    expect(within(card).getByText('1 error')).toBeInTheDocument();
    expect(within(card).getByText('1 decision waits')).toBeInTheDocument();
    expect(
      await within(card).findByRole(
        'img',
        { name: /^\d+ nodes, \d+ calls; 2 failing/ },
        SLOW,
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('3 of these clusters are simulated.'),
    ).toBeInTheDocument();
  });

  it('names the clusters that are silent', async () => {
    open('/gns');
    expect(
      await screen.findByText('2 clusters are silent', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText(/lab-1 \(unreachable, never/)).toBeInTheDocument();
  });

  it('finds what is searched, and says when nothing is found', async () => {
    open('/gns');
    const search = await screen.findByRole('searchbox', {}, SLOW);
    await userEvent.type(search, 'bank');
    expect(screen.queryByText('Web shop')).not.toBeInTheDocument();
    await userEvent.type(search, ' nothing');
    expect(screen.getByText('Nothing matches “bank nothing”')).toBeVisible();
  });

  it('without any, shows the command that defines the first', async () => {
    open('/gns', { listGlobalNamespaces: async () => ({ items: [] }) });
    expect(
      await screen.findByText('No global namespace yet', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/curl -X PUT .*definitions\/GlobalNamespace\/shop/),
    ).toBeInTheDocument();
  });

  it('without permission, names the permission', async () => {
    open('/gns', {
      listGlobalNamespaces: async () => {
        throw new NotAllowedError('no');
      },
    });
    expect(
      await screen.findByText('You may not see this', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText(/gns\.definition\.read/)).toBeInTheDocument();
  });

  it('after an error, says what to do and tries again on request', async () => {
    let down = true;
    open('/gns', {
      listGlobalNamespaces: async () => {
        if (down) throw new TypeError('Failed to fetch');
        return { items: fixtures.summaries };
      },
    });
    expect(
      await screen.findByText('The hub did not answer', {}, SLOW),
    ).toBeInTheDocument();
    down = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Web shop')).toBeInTheDocument();
  });

  it('says that the hub is read-only', async () => {
    open('/gns', {
      getHub: async () => ({ ...fixtures.hub, readOnly: true }),
    });
    expect(
      await screen.findByText('The hub is read-only', {}, SLOW),
    ).toBeInTheDocument();
  });
});

describe('live data', () => {
  it('is read again on a signal that concerns it', async () => {
    let health: 'degraded' | 'healthy' = 'degraded';
    const { signal } = open('/gns', {
      listGlobalNamespaces: async () => ({
        items: [{ ...fixtures.shopSummary, health }],
      }),
    });
    expect(await screen.findByText('Degraded', {}, SLOW)).toBeInTheDocument();
    health = 'healthy';
    signal({ changed: ['status'], gns: ['shop'] });
    expect(await screen.findByText('Healthy')).toBeInTheDocument();
  });

  it('is shown although signals come faster than the hub answers', async () => {
    let reads = 0;
    const { signal } = open('/gns', {
      listGlobalNamespaces: async () => {
        reads += 1;
        const slow = new Promise(done => setTimeout(done, 300));
        const chatter = setInterval(() => signal({ changed: ['status'] }), 50);
        await slow;
        clearInterval(chatter);
        return { items: fixtures.summaries };
      },
    });
    expect(await screen.findByText('Web shop', {}, SLOW)).toBeInTheDocument();
    // What was announced meanwhile is read after it, once.
    await waitFor(() => expect(reads).toBeGreaterThan(1));
  });

  it('stays, marked as old, when the hub goes away', async () => {
    let down = false;
    const { signal } = open('/gns', {
      listGlobalNamespaces: async () => {
        if (down) throw new TypeError('Failed to fetch');
        return { items: fixtures.summaries };
      },
    });
    expect(await screen.findByText('Web shop', {}, SLOW)).toBeInTheDocument();
    down = true;
    signal({ changed: ['status'] });
    expect(
      await screen.findByText(/Last updated .* the hub does not answer/),
    ).toBeInTheDocument();
    expect(screen.getByText('Web shop')).toBeInTheDocument();
  });
});

describe('one global namespace', () => {
  it('keeps what is on the page when the hub says something new', async () => {
    let title = 'Web shop';
    const { signal } = open('/gns/shop/services', {
      getGlobalNamespace: async () => ({ ...fixtures.shopStatus, title }),
    });
    const search = await screen.findByRole('searchbox', {}, SLOW);
    await userEvent.type(search, 'check');
    title = 'Corner shop';
    signal({ changed: ['status'], gns: ['shop'] });
    expect(
      await screen.findByRole('heading', { name: 'Corner shop', level: 2 }),
    ).toBeInTheDocument();
    expect(search).toBeInTheDocument();
    expect(search).toHaveFocus();
    expect(search).toHaveValue('check');
  });

  it('opens on its overview: conditions with the worst first, hosts', async () => {
    open('/gns/shop');
    const errors = await screen.findAllByText(
      /^(ProtocolDiffers|Silent|StartedBefore)$/,
      {},
      SLOW,
    );
    expect(errors.map(one => one.textContent)).toEqual([
      'ProtocolDiffers',
      'Silent',
      'StartedBefore',
    ]);
    expect(screen.getByText(/Name the port http-8080/)).toBeInTheDocument();
    expect(screen.getByText('checkout.shop.gns.example')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Copy checkout.shop.gns.example' }),
    ).toBeInTheDocument();
  });

  it('shows unknown endpoints as unknown, never as zero', async () => {
    open('/gns/shop/services');
    const row = (
      await screen.findByRole('rowheader', { name: 'tills' }, SLOW)
    ).closest('tr')!;
    expect(row).toHaveTextContent('edge-1 / store: unknown');
    expect(row).toHaveTextContent('awaits approval: edge-1');
    expect(row).not.toHaveTextContent('0 of');
  });

  it('shows how far each cluster has come', async () => {
    open('/gns/shop/clusters');
    const row = (
      await screen.findByRole('rowheader', { name: 'edge-1' }, SLOW)
    ).closest('tr')!;
    expect(row).toHaveTextContent('behind');
    expect(row).toHaveTextContent('1.39');
    expect(screen.getByText('1 object rejected')).toBeInTheDocument();
  });

  it('shows who changed what, and that the history is intact', async () => {
    open('/gns/shop/history');
    expect(
      await screen.findByText('Stores join the shop', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.getByText('History intact')).toBeInTheDocument();
    expect(
      screen.getByRole('row', { name: /spec\/mtls permissive strict/ }),
    ).toBeInTheDocument();
  });

  it('warns when the history was altered', async () => {
    open('/gns/shop/history', {
      listRevisions: async () => ({
        items: fixtures.revisions,
        intact: false,
      }),
    });
    expect(
      await screen.findByText('History was altered', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('says so when there is none of that name', async () => {
    open('/gns/nobody/overview');
    expect(
      await screen.findByText('There is no global namespace nobody', {}, SLOW),
    ).toBeInTheDocument();
  });

  it('called "clusters" does not hide behind the view of that name', async () => {
    open('/gns/clusters/overview', {
      getGlobalNamespace: async () => ({
        ...fixtures.shopStatus,
        name: 'clusters',
        title: 'The one called clusters',
      }),
    });
    expect(
      await screen.findByRole(
        'heading',
        { name: 'The one called clusters', level: 2 },
        SLOW,
      ),
    ).toBeInTheDocument();
  });
});

describe('clusters', () => {
  it('shows versions, epochs, gateways and who reaches whom', async () => {
    open('/gns/clusters');
    expect(
      await screen.findAllByText('Istio 1.31.0', {}, SLOW),
    ).not.toHaveLength(0);
    expect(screen.getByText('1.39 / 1.42')).toBeInTheDocument();
    expect(screen.getByText('waits for its controller')).toBeInTheDocument();
    expect(screen.getByText(/connect timed out/)).toBeInTheDocument();
    expect(screen.getByText('reachable in 48 ms')).toBeInTheDocument();
  });
});
