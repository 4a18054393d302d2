import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const PROVIDERS = {
  Ada: 'demo-admin',
  Grace: 'demo-developer',
  Vera: 'demo-visitor',
} as const;
export type Person = keyof typeof PROVIDERS;

/** Signs in as one of the demo's people. */
export async function enterAs(page: Page, name: Person) {
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

/** Sends one request to the hub with the identity of a person. */
export async function sendHub<T>(
  page: Page,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  options: {
    as?: Person;
    body?: unknown;
    headers?: Record<string, string>;
  } = {},
): Promise<{ status: number; body: T }> {
  const provider = PROVIDERS[options.as ?? 'Ada'];
  const refreshed = await page.request.get(`/api/auth/${provider}/refresh`);
  const { backstageIdentity } = await refreshed.json();
  const answer = await page.request.fetch(`/api/gns/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${backstageIdentity.token}`,
      ...options.headers,
    },
    data: options.body,
  });
  const text = await answer.text();
  return {
    status: answer.status(),
    body: (text ? JSON.parse(text) : undefined) as T,
  };
}

/** Asks the hub with the identity of the page's person. */
export async function askHub<T>(
  page: Page,
  path: string,
  provider: 'demo-admin' | 'demo-developer' | 'demo-visitor' = 'demo-admin',
): Promise<T> {
  const as = (Object.keys(PROVIDERS) as Person[]).find(
    person => PROVIDERS[person] === provider,
  );
  const { status, body } = await sendHub<T>(page, 'GET', path, { as });
  expect(status).toBe(200);
  return body;
}

/** Puts a whole text in the place of the YAML editor's. */
export async function writeYaml(page: Page, text: string) {
  const editor = page.getByRole('textbox', { name: /as YAML/ });
  await editor.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

/** Keeps a picture of the page as an artifact. */
export async function picture(page: Page, name: string) {
  await page.screenshot({
    path: `artifacts/screenshots/${name}.png`,
    animations: 'disabled',
  });
}

/** What axe has against the page, as `rule: element`. */
export async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    // Backstage's own sidebar, header tabs and spinners are not ours to mend.
    .exclude('nav')
    .exclude('.bui-Tab')
    .exclude('.MuiCircularProgress-root')
    .analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html}`),
  );
}
