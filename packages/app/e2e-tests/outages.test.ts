import { expect, test } from '@playwright/test';
import { LabCluster } from './labCluster';
import { enterAs, picture, sendHub } from './support';

test('one cluster silent: the list says which, since when, and shows all else', async ({
  page,
}) => {
  await enterAs(page, 'Ada');
  const { body } = await sendHub<{ token: string }>(page, 'POST', '/clusters', {
    body: { name: 'lab-silent' },
  });
  const lab = new LabCluster({
    url: process.env.PLAYWRIGHT_URL!,
    name: 'lab-silent',
    ip: '198.51.100.9',
    services: { quiet: ['mouse'] },
  });
  await lab.enrol(body.token);
  await lab.report();
  await page.goto('/gns/clusters');
  await expect(page.getByRole('link', { name: 'lab-silent' })).toBeVisible();
  // It is never heard of again; the page tells by itself.
  test.setTimeout(150_000);
  await expect(page.getByText(/lab-silent \(stale, last report/)).toBeVisible({
    timeout: 120_000,
  });
  await expect(page.getByRole('link', { name: 'AWS Frankfurt' })).toBeVisible();
  await picture(page, 'cluster-silent');
  const gone = await sendHub(page, 'DELETE', '/clusters/lab-silent?force=true');
  expect(gone.status).toBe(202);
});

test('the hub restarts under an open page: what is there stays, and it goes on by itself', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const portal = async (deed: 'stop' | 'start') => {
    const answer = await fetch(
      `${process.env.ISTHMUS_DEMO_REMOTE}/${deed}-portal`,
      { method: 'POST' },
    );
    expect(answer.status).toBe(204);
  };
  await enterAs(page, 'Ada');
  await page.goto('/gns/decisions');
  await expect(page.getByText('Nothing waits for a decision')).toBeVisible();
  await page.getByRole('tab', { name: 'Clusters' }).click();
  const cluster = page.getByRole('link', { name: 'AWS Frankfurt' });
  await page.getByRole('searchbox').fill('frankfurt');
  await expect(cluster).toBeVisible();

  await portal('stop');
  await expect(cluster).toBeVisible();
  await page.getByRole('tab', { name: 'Decisions' }).click();
  await expect(page.getByText('The hub did not answer')).toBeVisible();
  await picture(page, 'hub-away');

  await portal('start');
  await expect(async () => {
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('Nothing waits for a decision')).toBeVisible({
      timeout: 2_000,
    });
  }).toPass({ timeout: 120_000 });
  await page.getByRole('tab', { name: 'Clusters' }).click();
  await expect(cluster).toBeVisible();
  await expect(page.getByText(/up to date/).first()).toBeVisible();
});
