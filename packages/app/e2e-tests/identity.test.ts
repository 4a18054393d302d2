import { expect, test } from '@playwright/test';
import { askHub, collectPageErrors, enterAs } from './support';

const AUTHORITY = '/global-namespaces/bank/authority';

test('a global namespace with an authority of its own shows its chain, and rotates by hand', async ({
  page,
}) => {
  // Its pods were restarted one after the other, and take its certificates at their next renewal.
  test.setTimeout(420_000);
  const errors = collectPageErrors(page);
  await enterAs(page, 'Ada');
  await page.goto('/gns/bank/identity');
  const chain = page.getByRole('region', { name: 'Chain of trust' });
  for (const cluster of ['aws-frankfurt', 'gcp-tokyo']) {
    await expect(chain.getByText(cluster)).toBeVisible();
  }
  await expect(chain.getByText('8 live certificates')).toBeVisible({
    timeout: 240_000,
  });
  const log = page.getByRole('region', { name: 'Issued certificates' }).last();
  await page.getByPlaceholder(/find by namespace/i).fill('fraud');
  await expect(log.getByText('/sa/fraud').first()).toBeVisible();
  await expect(log.getByText('/sa/ledger')).toHaveCount(0);

  await page.getByRole('button', { name: 'Prepare the next root…' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /prepare/i })
    .click();
  await expect(chain.getByText('Root 2')).toBeVisible();
  const { roots, rotation } = await askHub<{
    roots: { state: string }[];
    rotation: { step: string };
  }>(page, AUTHORITY);
  expect(roots.map(root => root.state)).toEqual(['active', 'prepared']);
  expect(rotation.step).toBe('prepared');
  expect(errors).toEqual([]);
});
