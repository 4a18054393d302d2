import { expect, test } from '@playwright/test';
import { askHub, collectPageErrors, enterAs } from './support';

const CLUSTERS = ['aws-frankfurt', 'edge-osaka', 'gcp-tokyo'];

test('the list shows the global namespace with its clusters, and that they are simulated', async ({
  page,
}) => {
  const errors = collectPageErrors(page);
  await enterAs(page, 'Ada');
  await expect(page.getByText('Web shop')).toBeVisible();
  await expect(page.getByText('shop.gns.example')).toBeVisible();
  await expect(page.getByText('12 services')).toBeVisible();
  for (const cluster of CLUSTERS) {
    // The bank shares two of them.
    await expect(
      page.getByText(cluster, { exact: true }).first(),
    ).toBeVisible();
  }
  await expect(
    page.getByText('3 of these clusters are simulated.'),
  ).toBeVisible();
  expect(errors).toEqual([]);
});

test('search narrows the list and says when nothing is left', async ({
  page,
}) => {
  await enterAs(page, 'Vera');
  const search = page.getByPlaceholder(/search by name/i);
  await search.fill('frankfurt');
  await expect(page.getByText('Web shop')).toBeVisible();
  await search.fill('no such thing');
  await expect(page.getByText('Web shop')).toBeHidden();
});

test('the page of a global namespace shows what the hub says', async ({
  page,
}) => {
  const errors = collectPageErrors(page);
  await enterAs(page, 'Grace');
  await page.getByText('Web shop').click();
  await expect(
    page.getByRole('heading', { name: 'Web shop', level: 2 }),
  ).toBeVisible();
  const { globalServices } = await askHub<{
    globalServices: { name: string; host: string; address: string }[];
  }>(page, '/global-namespaces/shop');
  expect(globalServices).toHaveLength(12);
  for (const { host } of globalServices) {
    await expect(page.getByText(host).first()).toBeVisible();
  }

  await page.getByRole('tab', { name: 'Services' }).click();
  for (const { address } of globalServices) {
    await expect(page.getByText(address, { exact: true })).toBeVisible();
  }

  await page.getByRole('tab', { name: 'Clusters' }).click();
  for (const namespace of ['shop-web', 'shop-backend', 'store-edge']) {
    await expect(page.getByText(namespace).first()).toBeVisible();
  }

  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByText('Set up by the demo')).toBeVisible();
  expect(errors).toEqual([]);
});

test('the topology draws clusters as boxes, and a table says the same', async ({
  page,
}) => {
  await enterAs(page, 'Ada');
  await page.goto('/gns/shop/topology');
  const graph = page.locator('.react-flow');
  await expect(graph).toBeVisible();
  for (const label of [...CLUSTERS, 'storefront', 'payment', 'shipping']) {
    await expect(graph.getByText(label, { exact: true }).first()).toBeVisible();
  }
  await page.setViewportSize({ width: 1400, height: 1000 });
  await page.screenshot({
    path: 'artifacts/screenshots/topology.png',
    animations: 'disabled',
  });
  await page.getByText('Table', { exact: true }).click();
  const table = page.getByRole('table').or(page.getByRole('grid')).first();
  for (const label of ['storefront', 'payment', 'shipping']) {
    await expect(table.getByText(label, { exact: true }).first()).toBeVisible();
  }
});

test('the clusters page shows versions, epochs and gateways', async ({
  page,
}) => {
  await enterAs(page, 'Ada');
  await page.getByRole('tab', { name: 'Clusters' }).click();
  for (const cluster of CLUSTERS) {
    await expect(
      page.getByText(cluster, { exact: true }).first(),
    ).toBeVisible();
  }
  await expect(page.getByText(/up to date/i).first()).toBeVisible();
});

test('the entity of a service shows its global name and where it runs', async ({
  page,
}) => {
  await enterAs(page, 'Grace');
  await page.goto('/catalog/default/component/storefront');
  await expect(
    page.getByText('storefront.shop.gns.example').first(),
  ).toBeVisible();
  for (const cluster of ['aws-frankfurt', 'edge-osaka']) {
    await expect(page.getByText(cluster).first()).toBeVisible();
  }
  await page.goto('/catalog/default/system/web-shop');
  await expect(page.getByText('A shop over two clouds')).toBeVisible();
  await expect(page.getByText('shop.gns.example')).toBeHidden();
});

test('a change shows up by itself in an open page', async ({ page }) => {
  await enterAs(page, 'Ada');
  await page.goto('/gns/shop');
  await expect(
    page.getByRole('heading', { name: 'Web shop', level: 2 }),
  ).toBeVisible();
  const refreshed = await page.request.get('/api/auth/demo-admin/refresh');
  const { backstageIdentity } = await refreshed.json();
  const headers = { authorization: `Bearer ${backstageIdentity.token}` };
  const path = '/api/gns/v1/definitions/GlobalNamespace/shop';
  const stored = await (await page.request.get(path, { headers })).json();
  const rename = async (title: string, generation: number) => {
    const { definition } = stored;
    const answer = await page.request.put(path, {
      headers: {
        ...headers,
        'if-match': `"${generation}"`,
        'gns-message': encodeURIComponent(`Call it ${title}`),
      },
      data: { ...definition, metadata: { ...definition.metadata, title } },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await rename('Corner shop', stored.generation);
  await expect(
    page.getByRole('heading', { name: 'Corner shop', level: 2 }),
  ).toBeVisible();
  await rename('Web shop', stored.generation + 1);
  await expect(
    page.getByRole('heading', { name: 'Web shop', level: 2 }),
  ).toBeVisible();
});
