import { expect, type Page } from '@playwright/test';

/** Signs in as one of the demo's people. */
export async function enterAs(page: Page, name: 'Ada' | 'Grace' | 'Vera') {
  await page.goto('/gns');
  await page.getByRole('button', { name: `Enter as ${name}` }).click();
  await expect(
    page.getByRole('tab', { name: 'Global namespaces' }),
  ).toBeVisible();
}

/** Fails the test on an error that a page threw or that React logged. */
export function collectPageErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  return errors;
}

/** Asks the hub with the identity of the page's person. */
export async function askHub<T>(
  page: Page,
  path: string,
  provider: 'demo-admin' | 'demo-developer' | 'demo-visitor' = 'demo-admin',
): Promise<T> {
  const refreshed = await page.request.get(`/api/auth/${provider}/refresh`);
  const { backstageIdentity } = await refreshed.json();
  const answer = await page.request.get(`/api/gns/v1${path}`, {
    headers: { authorization: `Bearer ${backstageIdentity.token}` },
  });
  expect(answer.ok()).toBe(true);
  return answer.json();
}
