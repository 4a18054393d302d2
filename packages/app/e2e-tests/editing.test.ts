import { expect, test } from '@playwright/test';
import { collectPageErrors, enterAs, picture } from './support';

const TITLE = /^Title/;

test('who edits while somebody else saves sees both changes and loses nothing', async ({
  page,
  browser,
}) => {
  const errors = collectPageErrors(page);
  await enterAs(page, 'Ada');
  await page.goto('/gns/shop/edit');
  await page.getByRole('textbox', { name: TITLE }).fill('The shop of Ada');

  const second = await browser.newContext();
  const other = await second.newPage();
  await enterAs(other, 'Grace');
  await other.goto('/gns/shop/edit');
  await other
    .getByRole('textbox', { name: /^Description/ })
    .fill('The shop, described by Grace');
  await other.getByRole('button', { name: 'Review the change' }).click();
  const apply = other.getByRole('button', { name: 'Bring it into force' });
  await expect(apply).toBeEnabled();
  await apply.click();
  await expect(
    other.getByRole('heading', { name: 'Change of shop' }),
  ).toBeVisible();
  await expect(other.getByText('Done', { exact: true })).toBeVisible();
  await second.close();

  await page.getByRole('button', { name: 'See both changes' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('The shop, described by Grace');
  await expect(dialog).toContainText('The shop of Ada');
  await picture(page, 'conflict');
  await dialog
    .getByRole('button', { name: 'Take their change into mine' })
    .click();
  await expect(page.getByRole('textbox', { name: TITLE })).toHaveValue(
    'The shop of Ada',
  );
  await expect(page.getByRole('textbox', { name: /^Description/ })).toHaveValue(
    'The shop, described by Grace',
  );
  // Leaving and coming back loses nothing of it either.
  await page.goto('/gns/shop/edit');
  await expect(page.getByText(/You are back at your draft/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: TITLE })).toHaveValue(
    'The shop of Ada',
  );
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await expect(page.getByRole('textbox', { name: TITLE })).toHaveValue(
    'Web shop',
  );
  expect(errors).toEqual([]);
});

test('YAML that breaks says where, keeps the form, and is mended', async ({
  page,
}) => {
  await enterAs(page, 'Grace');
  await page.goto('/gns/shop/edit');
  const title = page.getByRole('textbox', { name: TITLE });
  await expect(title).toBeEnabled();
  const editor = page.getByRole('textbox', { name: /as YAML/ });
  await editor.click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText('\nspec: [broken');
  await expect(page.getByText(/The YAML cannot be read/)).toBeVisible();
  await expect(title).toBeDisabled();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(title).toBeEnabled();

  await editor.click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText('\n  mtsl: strict');
  await expect(page.getByRole('list', { name: 'Problems' })).toContainText(
    'mtsl',
  );
  await picture(page, 'yaml-problem');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('list', { name: 'Problems' })).toBeHidden();
});

test('a revision is restored, after its change was looked at', async ({
  page,
}) => {
  await enterAs(page, 'Ada');
  await page.goto('/gns/shop/history');
  await page.getByRole('link', { name: 'Restore revision 1' }).click();
  await expect(
    page.getByRole('heading', {
      name: 'What going back to revision 1 does',
    }),
  ).toBeVisible();
  await picture(page, 'restore-revision');
  const apply = page.getByRole('button', { name: 'Bring it into force' });
  await expect(apply).toBeEnabled();
  await apply.click();
  await expect(page.getByText('Done', { exact: true })).toBeVisible();
  await page.goto('/gns/shop');
  await expect(
    page
      .getByText('A shop over two clouds')
      .or(page.getByText('The shop of the demo'))
      .first(),
  ).toBeVisible();
});
