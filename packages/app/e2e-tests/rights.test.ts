import { expect, test } from '@playwright/test';
import { enterAs, sendHub, type Person } from './support';

/** What each person is offered, and what the hub lets them do. */
const RIGHTS: Record<
  Person,
  { edits: boolean; connects: boolean; pauses: boolean }
> = {
  Ada: { edits: true, connects: true, pauses: true },
  // Her team owns the shop.
  Grace: { edits: true, connects: false, pauses: false },
  Vera: { edits: false, connects: false, pauses: false },
};

for (const [person, rights] of Object.entries(RIGHTS) as [
  Person,
  (typeof RIGHTS)[Person],
][]) {
  test(`${person} is offered what she may do, and nothing else`, async ({
    page,
  }) => {
    await enterAs(page, person);
    const offered = async (name: string, role: 'link' | 'button') =>
      (await page.getByRole(role, { name, exact: true }).count()) > 0;

    await page.goto('/gns/shop');
    await expect(page.getByText('accounts.shop.gns.example')).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await offered('Edit', 'link')).toBe(rights.edits);

    await page.goto('/gns/-/clusters/aws-frankfurt');
    await expect(
      page.getByText('Other clusters reach its gateway'),
    ).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await offered('Pause', 'button')).toBe(rights.pauses);

    await page.goto('/gns/-/connect');
    await expect(
      rights.connects
        ? page.getByText('Which cluster shall join?')
        : page.getByText('You may not connect clusters'),
    ).toBeVisible();

    // The page only offers; the hub decides.
    const paused = await sendHub(
      page,
      'POST',
      '/clusters/aws-frankfurt/resume',
      { as: person },
    );
    expect(paused.status).toBe(rights.pauses ? 204 : 403);
    const made = await sendHub(page, 'POST', '/clusters/nobody/token', {
      as: person,
    });
    expect(made.status).toBe(rights.connects ? 404 : 403);
  });
}
