import { expect, test } from '@playwright/test';
import { SimulatedCluster } from './simulatedCluster';
import { askHub, collectPageErrors, enterAs } from './support';

/* A simulated cluster whose shop namespace is a member, by whatever name. */
const CLUSTER = 'aws-frankfurt';

test('a template brings a service from nothing to a name that all members call', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const errors = collectPageErrors(page);
  const service = 'returns';
  const cluster = new SimulatedCluster(CLUSTER);
  const { items } = await cluster.send<{
    items: { metadata: { name: string } }[];
  }>('GET', '/api/v1/namespaces');
  const namespace = items
    .map(one => one.metadata.name)
    .find(name => name.startsWith('shop'));
  if (!namespace) throw new Error('No namespace of the shop');

  await enterAs(page, 'Grace');
  await page.goto('/create/templates/default/onboard-service');
  await page.getByRole('textbox', { name: 'Name' }).fill(service);
  const owner = page.getByLabel('Owner');
  await owner.click();
  await page.getByRole('option', { name: /shop/i }).first().click();
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByRole('button', { name: /Global namespace/ }).click();
  await page.getByRole('option', { name: /shop\.gns\.example/ }).click();
  await page.getByRole('button', { name: /Cluster/ }).click();
  await page.getByRole('option', { name: new RegExp(CLUSTER) }).click();
  await page.getByLabel('Kubernetes namespace').fill(namespace);
  await expect(page.getByLabel('Its global name')).toHaveValue(
    `${service}.shop.gns.example`,
  );
  await expect(
    page.getByText('All members of shop will call it by this name.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();

  // The task says what it waits for; the delivery pipeline is what brings it.
  await page.getByRole('button', { name: 'Show Logs' }).click();
  await expect(
    page.getByText(new RegExp(`has no Service "${service}" yet\\. Deploy it`)),
  ).toBeVisible({ timeout: 60_000 });
  await cluster.deploy(namespace, service);

  await expect(
    page.getByText(`http://${service}.shop.gns.example/`).first(),
  ).toBeVisible({ timeout: 120_000 });
  const { globalServices } = await askHub<{
    globalServices: {
      name: string;
      callers: string[];
      endpoints: { cluster: string; published: boolean }[];
    }[];
  }>(page, '/global-namespaces/shop', 'demo-developer');
  const found = globalServices.find(one => one.name === service);
  expect(found?.endpoints).toEqual([
    expect.objectContaining({ cluster: CLUSTER, published: true }),
  ]);
  expect(
    new Set(found?.callers.map(caller => caller.split('/')[0])).size,
  ).toBeGreaterThan(1);
  await page.screenshot({
    path: 'artifacts/screenshots/onboarding-task.png',
    fullPage: true,
  });
  expect(errors).toEqual([]);
});
