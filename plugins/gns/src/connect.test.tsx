import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as fixtures from '../dev/fixtures';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

describe('connecting a cluster', () => {
  it('asks for a name, and says what is wrong with it', async () => {
    const create = jest.fn();
    open('/gns/-/connect', { createCluster: create });
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'Register and make a join token' },
        SLOW,
      ),
    );
    expect(screen.getByText('Give it a name')).toBeInTheDocument();
    await userEvent.type(
      screen.getByRole('textbox', { name: /^Name/ }),
      'cloud-a',
    );
    expect(
      screen.getByText('There is a cluster of that name'),
    ).toBeInTheDocument();
    expect(create).not.toHaveBeenCalled();
  });

  it('shows the token once, with a command for Helm and one for kubectl', async () => {
    const { hub } = open('/gns/-/connect?network=net-3');
    const create = jest.spyOn(hub, 'createCluster');
    await userEvent.type(
      await screen.findByRole('textbox', { name: /^Name/ }, SLOW),
      'eu-3',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Register and make a join token' }),
    );
    expect(create).toHaveBeenCalledWith({
      name: 'eu-3',
      labels: { 'topology.istio.io/network': 'net-3' },
    });
    expect(
      await screen.findByRole('heading', { name: 'Connecting eu-3' }),
    ).toHaveFocus();
    expect(
      screen.getByRole('region', { name: 'Command with Helm' }),
    ).toHaveTextContent("token='first'");
    await userEvent.click(screen.getByRole('tab', { name: 'kubectl' }));
    expect(
      screen.getByRole('region', { name: 'Command with kubectl' }),
    ).toHaveTextContent(/kubectl apply -f - <<'EOF'.*token: first.*EOF/);
    expect(screen.getByText(/shown only now/)).toBeInTheDocument();
  });

  it('on coming back says that the token was shown, and makes another', async () => {
    const { hub } = open('/gns/-/connect?cluster=lab-1');
    expect(
      await screen.findByText('A join token is waiting to be used', {}, SLOW),
    ).toBeInTheDocument();
    expect(screen.queryByText(/helm install/)).toBeNull();
    const renew = jest.spyOn(hub, 'renewToken');
    const prometheus = screen.getByRole('textbox', { name: /^Prometheus/ });
    await userEvent.type(prometheus, 'http://me:secret@prom');
    expect(screen.getByText(/without user and password/)).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Make a new token' }),
    );
    expect(renew).not.toHaveBeenCalled();
    await userEvent.clear(prometheus);
    await userEvent.type(prometheus, 'http://prom:9090');
    await userEvent.click(
      screen.getByRole('checkbox', { name: /restart workloads/ }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Make a new token' }),
    );
    expect(renew).toHaveBeenCalledWith('lab-1', {
      prometheusUrl: 'http://prom:9090',
      restartWorkloads: true,
    });
    expect(
      await screen.findByRole('region', { name: 'Command with Helm' }),
    ).toHaveTextContent("token='second'");
  });

  it('explains why it is stuck, with each check and its remedy', async () => {
    open('/gns/-/connect?cluster=lab-1');
    expect(
      await screen.findByText(/^A check failed \(for /, {}, SLOW),
    ).toBeInTheDocument();
    const check = screen.getByText('East-west gateway').closest('li')!;
    expect(within(check).getByLabelText('failed')).toBeInTheDocument();
    expect(check).toHaveTextContent(/No Deployment has.*Install one with/);
    const stage = screen.getByText('Checks passed').closest('li')!;
    expect(within(stage).getByLabelText('stuck')).toBeInTheDocument();
  });

  it('says when it is ready, and where to go', async () => {
    open('/gns/-/connect?cluster=cloud-a');
    expect(
      await screen.findByText('It is ready', {}, SLOW),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'See the cluster' }),
    ).toHaveAttribute('href', '/gns/-/clusters/cloud-a');
    expect(
      screen.queryByText('Install the controller', { selector: 'h3' }),
    ).toBeNull();
  });

  it('says what the hub has against it', async () => {
    open('/gns/-/connect?name=eu-3', {
      createCluster: async () => {
        throw new Error('the hub is read-only');
      },
    });
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'Register and make a join token' },
        SLOW,
      ),
    );
    expect(await screen.findByText('the hub is read-only')).toBeInTheDocument();
  });

  it('is offered in the list without clusters, and on the page of one that waits', async () => {
    open('/gns/-/clusters/lab-1', {
      listClusters: async () => ({ items: fixtures.clusters }),
    });
    expect(
      await screen.findByRole('link', { name: 'Go on with lab-1' }, SLOW),
    ).toHaveAttribute('href', '/gns/-/connect?cluster=lab-1');
  });
});
