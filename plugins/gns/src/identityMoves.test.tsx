import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as fixtures from '../dev/authorityFixtures';
import { FakeAuthority } from '../dev/FakeAuthority';
import { openPage, SLOW } from './__testUtils__/openPage';
import { type GnsApi } from './api';

jest.setTimeout(60_000);

function open(shop: FakeAuthority['shop']) {
  const authority = Object.assign(new FakeAuthority(), { shop });
  openPage('/gns/shop/identity', {
    authority: authority as unknown as GnsApi['authority'],
  });
  return authority;
}

const region = (name: string) => screen.findByRole('region', { name }, SLOW);
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const acts = (authority: FakeAuthority, name: string) =>
  authority.calls.filter(([call]) => call === name);

describe('the rotation wizard', () => {
  it('takes the first step, after it was asked once more', async () => {
    const authority = open(fixtures.authority);
    const wizard = await region('Rotation of the root');
    expect(within(wizard).getAllByRole('listitem')[0]).toHaveAttribute(
      'aria-current',
      'step',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Prepare the next root…' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('it can be reversed');
    expect(acts(authority, 'rotate')).toEqual([]);
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Reason, for the history' }),
      'yearly',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Prepare the next root' }),
    );
    await waitFor(() =>
      expect(acts(authority, 'rotate')).toEqual([
        ['rotate', 'shop', 'prepare', { reason: 'yearly', force: false }],
      ]),
    );
    // The page shows what is true now.
    expect(
      await screen.findByText(/Root 1 vouches for it/, {}, SLOW),
    ).toBeInTheDocument();
  });

  it('shows what the step waits for, measured, and who is silent', async () => {
    open(fixtures.rotating);
    const wizard = await region('Rotation of the root');
    const step = within(wizard)
      .getAllByRole('listitem')
      .find(one => one.getAttribute('aria-current') === 'step')!;
    expect(step).toHaveTextContent('Drop the old root');
    expect(step).toHaveTextContent(
      /controllers whose issuer is under the new root2 of 3 clusters.*nothing heard of edge-1/,
    );
    expect(step).toHaveTextContent(
      /certificates under the new root24 of 42 pods/,
    );
    expect(step).toHaveTextContent('edge-1 was not heard of for 2 hours');
  });

  it('takes an unproven step only by force, with the name typed', async () => {
    const authority = open(fixtures.rotating);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Drop the old root…' }, SLOW),
    );
    const dialog = await screen.findByRole('dialog');
    const act = within(dialog).getByRole('button', {
      name: 'Drop the old root',
    });
    expect(act).toBeDisabled();
    await userEvent.click(
      within(dialog).getByRole('checkbox', { name: /although it is not/ }),
    );
    expect(act).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Type shop to confirm' }),
      'shop',
    );
    await userEvent.click(act);
    await waitFor(() =>
      expect(acts(authority, 'rotate')).toEqual([
        ['rotate', 'shop', 'retire', { reason: '', force: true }],
      ]),
    );
  });

  it('can be paused, resumed and reversed', async () => {
    const authority = open(fixtures.rotating);
    await screen.findByRole('button', { name: 'Reverse…' }, SLOW);
    const wizard = await region('Rotation of the root');
    await userEvent.click(
      within(wizard).getByRole('button', { name: 'Pause…' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Pause',
      }),
    );
    expect(
      await screen.findByText('Paused: no step is taken.', {}, SLOW),
    ).toBeInTheDocument();
    expect(acts(authority, 'rotate')[0].slice(1, 3)).toEqual(['shop', 'pause']);
  });

  it('tells why a step was refused, and keeps the dialog', async () => {
    const authority = open(fixtures.authority);
    authority.rotate = async () => {
      throw new Error('edge-1 went silent meanwhile.');
    };
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'Prepare the next root…' },
        SLOW,
      ),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Prepare the next root' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'edge-1 went silent meanwhile.',
    );
  });
});

describe('an emergency', () => {
  it('shows what breaks first, and revokes exactly that', async () => {
    const authority = open(fixtures.rotating);
    await userEvent.click(
      await screen.findByRole(
        'button',
        { name: 'Emergency: revoke root 1…' },
        SLOW,
      ),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText('shop-web/Deployment/web', {}, SLOW),
    ).toBeInTheDocument();
    expect(dialog).toHaveTextContent(
      'go on trusting it until they are back: edge-1',
    );
    const act = within(dialog).getByRole('button', { name: 'Revoke it' });
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /^Reason/ }),
      'laptop stolen',
    );
    expect(act).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Type shop to confirm' }),
      'shop',
    );
    await userEvent.click(act);
    await waitFor(() =>
      expect(acts(authority, 'revoke')).toEqual([
        [
          'revoke',
          'shop',
          fixtures.FIRST_ROOT,
          { hash: 'f00d', reason: 'laptop stolen' },
        ],
      ]),
    );
  });
});

describe('joining and leaving', () => {
  it('shows each member, what it waits for, and the callers from outside', async () => {
    open(fixtures.joining);
    const panel = await region('Joining and leaving');
    expect(panel).toHaveTextContent('Members wait; below is what for.');
    expect(panel).toHaveTextContent(
      'cloud-b/shop-web/storefront: pods wait for a restart (3 pods)',
    );
    expect(panel).toHaveTextContent('kubectl rollout restart');
    expect(panel).toHaveTextContent(
      /cloud-b\/legacy\/report: (?!.*shop-web\/cloud-b)/,
    );
    expect(panel).toHaveTextContent('edge-1: the cluster is silent');
    const row = within(panel).getByRole('row', { name: /cloud-b\/shop-web/ });
    expect(row).toHaveTextContent('adopt · joins');
    expect(row).toHaveTextContent('3 pods wait for a restart');
  });

  it('gives up callers after it was asked once more', async () => {
    const authority = open(fixtures.joining);
    const panel = await region('Joining and leaving');
    await userEvent.click(
      await within(panel).findByRole('checkbox', {
        name: /cloud-b\/legacy\/report calls cloud-b\/shop-web/,
      }),
    );
    await userEvent.click(button('Give up the chosen callers…'));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Type shop to confirm' }),
      'shop',
    );
    await userEvent.click(
      within(dialog).getByRole('button', {
        name: 'Give up the chosen callers',
      }),
    );
    await waitFor(() =>
      expect(acts(authority, 'decideTransition')).toEqual([
        [
          'decideTransition',
          'shop',
          { waivedCallers: ['cloud-b/legacy/report'], reason: '' },
        ],
      ]),
    );
  });

  it('can be paused', async () => {
    const authority = open(fixtures.joining);
    const panel = await region('Joining and leaving');
    await userEvent.click(
      await within(panel).findByRole('button', { name: 'Pause…' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Pause',
      }),
    );
    expect(
      await screen.findByText(/Paused: no member changes/, {}, SLOW),
    ).toBeInTheDocument();
    expect(acts(authority, 'decideTransition')).toHaveLength(1);
  });

  it('says when nobody can measure who calls', async () => {
    open({
      ...fixtures.joining,
      transition: {
        ...fixtures.joining.transition,
        outside: { state: 'unknown', reason: 'cloud-b has no telemetry.' },
      },
    });
    const panel = await region('Joining and leaving');
    expect(panel).toHaveTextContent('cloud-b has no telemetry.');
    expect(
      await within(panel).findByRole('button', {
        name: 'Go on without a measurement…',
      }),
    ).toBeInTheDocument();
  });
});

describe('backups, and a CA of yours', () => {
  const pem = (what: string) =>
    `-----BEGIN ${what}-----\nc2VjcmV0\n-----END ${what}-----\n`;
  const choose = async (...texts: string[]) => {
    const files = texts.map(
      (text, i) => new File([text], `${i}.pem`, { type: 'text/plain' }),
    );
    for (const [i, file] of files.entries()) {
      Object.assign(file, { text: async () => texts[i] });
    }
    await userEvent.upload(
      screen.getByLabelText('A backup, or the certificate and key of a CA'),
      files,
      { applyAccept: false },
    );
  };

  it('are taken as a file, with the reason for the history', async () => {
    const saved = jest.fn((_blob: Blob) => 'blob:x');
    Object.assign(URL, { createObjectURL: saved, revokeObjectURL: jest.fn() });
    const authority = open(fixtures.authority);
    await region('Backup, and a CA of yours');
    await userEvent.click(button('Take a backup…'));
    const dialog = await screen.findByRole('dialog');
    expect(saved).not.toHaveBeenCalled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Reason, for the history' }),
      'weekly',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Take the backup' }),
    );
    expect(
      await screen.findByText('The backup was saved as a file'),
    ).toBeInTheDocument();
    expect(acts(authority, 'exportBackup')).toEqual([
      ['exportBackup', 'shop', { reason: 'weekly' }],
    ]);
    expect(saved).toHaveBeenCalledTimes(1);
  });

  it('come in only with the name typed, and no key is shown', async () => {
    const authority = open(fixtures.authority);
    await region('Backup, and a CA of yours');
    await choose(pem('CERTIFICATE'), pem('PRIVATE KEY'));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(
      'Make a CA of yours the next root of shop',
    );
    expect(dialog).not.toHaveTextContent('c2VjcmV0');
    const act = within(dialog).getByRole('button', {
      name: 'Make it the next root',
    });
    expect(act).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Type shop to confirm' }),
      'shop',
    );
    await userEvent.click(act);
    expect(
      await screen.findByText(/It is the next root: see the rotation above/),
    ).toBeInTheDocument();
    expect(acts(authority, 'importRoots')).toEqual([
      [
        'importRoots',
        'shop',
        {
          type: 'root',
          certificate: pem('CERTIFICATE'),
          privateKey: pem('PRIVATE KEY'),
          reason: '',
        },
      ],
    ]);
  });

  it('that cannot be used are refused with the remedy, before anything is sent', async () => {
    const authority = open(fixtures.authority);
    await region('Backup, and a CA of yours');
    await choose(pem('CERTIFICATE'), pem('RSA PRIVATE KEY'));
    expect(await screen.findByText(/openssl pkcs8/)).toBeInTheDocument();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(acts(authority, 'importRoots')).toEqual([]);
  });
});
