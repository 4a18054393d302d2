import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as fixtures from '../dev/fixtures';
import { openPage as open, SLOW } from './__testUtils__/openPage';

jest.setTimeout(60_000);

const cards = () =>
  within(
    screen.getByRole('list', { name: 'Waiting for a decision' }),
  ).getAllByRole('button', { name: 'Refuse' });

describe('decisions', () => {
  it('are counted in the navigation', async () => {
    open('/gns');
    expect(
      await screen.findByRole('tab', { name: 'Decisions (2)' }, SLOW),
    ).toBeInTheDocument();
  });

  it('are taken after a second question, with the reason, and can be taken back', async () => {
    const { hub } = open('/gns/decisions');
    const decide = jest.spyOn(hub, 'decideHolds');
    await screen.findByText('2 wait', {}, SLOW);
    // The oldest first: the newcomer.
    await userEvent.click(cards()[0]);
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByText('edge-1/store', { selector: 'code' }),
    ).toBeInTheDocument();
    expect(decide).not.toHaveBeenCalled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /Reason/ }),
      'not ours',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Refuse' }),
    );
    expect(await screen.findByText('1 refused')).toBeInTheDocument();
    expect(decide).toHaveBeenCalledWith(['hold-2'], 'refuse', 'not ours');
    // It keeps its place, so that nothing moves under the pointer.
    expect(await screen.findByText('no longer waits')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('1 released')).toBeInTheDocument();
    expect(decide).toHaveBeenLastCalledWith(
      ['hold-2'],
      'release',
      'Taken back',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear what no longer waits' }),
    );
    expect(screen.queryByText('no longer waits')).toBeNull();
  });

  it('several are decided at once; which could not be is said', async () => {
    const { hub } = open('/gns/decisions');
    await screen.findByText('2 wait', {}, SLOW);
    await userEvent.click(screen.getByRole('checkbox', { name: '0 chosen' }));
    await userEvent.click(
      screen.getByRole('button', { name: 'Release the chosen' }),
    );
    const dialog = await screen.findByRole('dialog');
    // Somebody else was quicker with one of them.
    hub.holds = hub.holds.filter(hold => hold.id !== 'hold-2');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Release' }),
    );
    expect(await screen.findByText('1 released')).toBeInTheDocument();
    expect(screen.getByText('There is no hold "hold-2"')).toBeInTheDocument();
  });

  it('new ones come at the end while somebody reads', async () => {
    const { hub, signal } = open('/gns/decisions');
    await screen.findByText('2 wait', {}, SLOW);
    const older = {
      ...fixtures.holds[0],
      id: 'hold-3',
      message: 'An older one that was late',
      createdAt: fixtures.ago(90_000),
    };
    hub.holds = [older, ...hub.holds];
    signal({ changed: ['holds'] });
    await screen.findByText('An older one that was late');
    const list = screen.getByRole('list', { name: 'Waiting for a decision' });
    const texts = [...list.children].map(one => one.textContent);
    expect(texts[2]).toContain('An older one that was late');
  });

  it('of one kind are shown by the address', async () => {
    open('/gns/decisions?kind=deletion');
    await screen.findByText('2 wait', {}, SLOW);
    expect(cards()).toHaveLength(1);
    expect(screen.getByText(/9 of 31 objects/)).toBeInTheDocument();
  });

  it('of the past stay with who took them, and some can be turned', async () => {
    const { hub } = open('/gns/decisions');
    await screen.findByText('2 wait', {}, SLOW);
    await userEvent.click(cards()[1]);
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Refuse' }),
    );
    await screen.findByText('1 refused');
    await userEvent.click(screen.getByRole('radio', { name: 'Decided' }));
    expect(screen.getByText('user:default/ada')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Release after all' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Release',
      }),
    );
    await waitFor(() =>
      expect(hub.holds.find(one => one.id === 'hold-1')?.state).toBe(
        'released',
      ),
    );
  });

  it('none waits', async () => {
    open('/gns/decisions', { listHolds: async () => ({ items: [] }) });
    expect(
      await screen.findByText('Nothing waits for a decision', {}, SLOW),
    ).toBeInTheDocument();
  });
});
