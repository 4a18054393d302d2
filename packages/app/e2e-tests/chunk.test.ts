import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { enterAs } from './support';

/** Of the code of /gns before the graph, gzipped. */
const MOST_BYTES = 120 * 1024;

test('the first view of /gns brings at most 120 KB of code', async ({
  page,
}) => {
  await enterAs(page, 'Ada');
  // Elsewhere, and from the beginning: what /gns itself needs is not there yet.
  await page.goto('/catalog');
  const link = page.getByRole('link', { name: 'Global namespaces' }).first();
  await expect(link).toBeVisible();
  await page.waitForLoadState('networkidle');
  const scripts: { url: string; bytes: number }[] = [];
  const reading: Promise<void>[] = [];
  page.on('response', response => {
    if (response.request().resourceType() !== 'script') return;
    reading.push(
      response.body().then(body => {
        const { pathname } = new URL(response.url());
        scripts.push({ url: pathname, bytes: gzipSync(body).length });
      }),
    );
  });
  await link.click();
  await expect(page.getByText('shop.gns.example')).toBeVisible();
  await Promise.all(reading);
  const total = scripts.reduce((sum, one) => sum + one.bytes, 0);
  test
    .info()
    .annotations.push({ type: 'bytes, gzipped', description: String(total) });
  expect(scripts.length).toBeGreaterThan(0);
  expect(total, JSON.stringify(scripts)).toBeLessThanOrEqual(MOST_BYTES);
});
