import { expect, test } from '@playwright/test';
import { LabCluster } from './labCluster';
import {
  collectPageErrors,
  enterAs,
  picture,
  sendHub,
  writeYaml,
} from './support';

/*
 * A laboratory beside the shop, from nothing: clusters are connected, a global
 * namespace is created over them, a rollout is stopped. One test needs what the
 * one before it made; the file stands last, since it leaves its laboratory behind.
 */
test.describe.configure({ mode: 'serial' });

const url = process.env.PLAYWRIGHT_URL!;
const labA = new LabCluster({
  url,
  name: 'lab-a',
  ip: '198.51.100.1',
  services: { bench: ['gauge'], spare: ['scope'] },
});
const labB = new LabCluster({
  url,
  name: 'lab-b',
  ip: '198.51.100.2',
  services: { bench: ['gauge'], spare: ['scope'] },
});

test.afterAll(async () => {
  await Promise.all([labA.stop(), labB.stop()]);
});

test('a cluster is connected: name, command, token once, live until it is a member', async ({
  page,
}) => {
  const errors = collectPageErrors(page);
  await enterAs(page, 'Ada');
  await page.goto('/gns/clusters');
  await page.getByRole('link', { name: 'Connect a cluster' }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('lab-a');
  await page.getByRole('textbox', { name: /^Network/ }).fill('net-lab-a');
  await page
    .getByRole('button', { name: 'Register and make a join token' })
    .click();
  const helm = page.getByRole('region', { name: 'Command with Helm' });
  await expect(helm).toContainText('helm install');
  await page.getByRole('tab', { name: 'kubectl' }).click();
  await expect(
    page.getByRole('region', { name: 'Command with kubectl' }),
  ).toContainText('kind: Deployment');

  // Leaving loses the token and nothing else.
  await page.goto('/gns/-/connect');
  await page.getByRole('link', { name: 'Go on with lab-a' }).click();
  await expect(
    page.getByText('A join token is waiting to be used'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Make a new token' }).click();
  const command = await page
    .getByRole('region', { name: 'Command with Helm' })
    .textContent();
  await picture(page, 'connect-cluster');
  const token = /token='([^']+)'/.exec(command ?? '')?.[1];
  expect(token).toBeDefined();

  await labA.enrol(token!);
  await labA.report();
  labA.start();
  await expect(page.getByText('enrolled', { exact: true })).toBeVisible();
  await page.goto('/gns/-/clusters/lab-a');
  await expect(
    page.getByText('Its controller reports').locator('..'),
  ).toBeVisible();
  await expect(page.getByText('198.51.100.1:15443')).toBeVisible();
  expect(errors).toEqual([]);
});

test('a global namespace goes from nothing to Ready', async ({ page }) => {
  const errors = collectPageErrors(page);
  await enterAs(page, 'Ada');
  const { body } = await sendHub<{ token: string }>(page, 'POST', '/clusters', {
    body: { name: 'lab-b' },
  });
  await labB.enrol(body.token);
  await labB.report();
  labB.start();

  await page.getByRole('link', { name: 'Create global namespace' }).click();
  await writeYaml(
    page,
    [
      'apiVersion: gns.isthmus.dev/v1',
      'kind: GlobalNamespace',
      'metadata: { name: lab, title: Laboratory, owner: group:default/platform }',
      'spec:',
      '  domain: lab.gns.example',
      '  members:',
      '    - clusters: { names: [lab-a, lab-b] }',
      '      namespaces: { names: [bench] }',
      '',
    ].join('\n'),
  );
  await expect(
    page.getByText('Matches 2 namespaces in 2 clusters'),
  ).toBeVisible();
  await picture(page, 'create-global-namespace');
  await page.getByRole('button', { name: 'Review the change' }).click();
  await expect(
    page.getByRole('heading', { name: 'What this change does' }),
  ).toBeVisible();
  await expect(page.getByText(/^1 service joins/)).toBeVisible();
  await page
    .getByRole('textbox', { name: /Why, for the history/ })
    .fill('A place to try things');
  await page.getByRole('button', { name: 'Bring it into force' }).click();
  await expect(
    page.getByRole('heading', { name: 'Creation of lab' }),
  ).toBeVisible();
  await expect(page.getByText('Done', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'See lab' }).click();
  await page.getByRole('tab', { name: 'Services' }).click();
  const row = page.getByRole('row', { name: /gauge\.lab\.gns\.example/ });
  await expect(row).toContainText('published');
  await expect(row).toContainText('lab-b / bench: 2 of 2 ready');
  expect(errors).toEqual([]);
});

test('a rollout in waves stops at a condition, and goes back', async ({
  page,
}) => {
  await enterAs(page, 'Ada');
  await page.goto('/gns/lab/edit');
  const yaml = page.getByRole('textbox', { name: /as YAML/ });
  await expect(yaml).toContainText('bench');
  await writeYaml(
    page,
    [
      'apiVersion: gns.isthmus.dev/v1',
      'kind: GlobalNamespace',
      'metadata: { name: lab, title: Laboratory, owner: group:default/platform }',
      'spec:',
      '  domain: lab.gns.example',
      '  members:',
      '    - clusters: { names: [lab-a, lab-b] }',
      '      namespaces: { names: [bench, spare] }',
      '',
    ].join('\n'),
  );
  await page.getByRole('button', { name: 'Review the change' }).click();
  await page
    .getByText(/^In waves/)
    .first()
    .click();
  const begin = page.getByRole('button', { name: 'Begin the rollout' });
  await expect(begin).toBeEnabled();
  await picture(page, 'rollout-review');
  await begin.click();
  await expect(
    page.getByRole('heading', { name: 'Change of lab' }),
  ).toBeVisible();
  await expect(page.getByText(/is watched until/).first()).toBeVisible();
  labA.conditions = [
    {
      type: 'Ready',
      gns: 'lab',
      status: 'False',
      severity: 'error',
      reason: 'Overheated',
      message: 'The bench is on fire. Put it out.',
      lastTransitionTime: new Date().toISOString(),
    },
  ];
  labB.conditions = labA.conditions;
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible();
  await expect(page.getByText('The bench is on fire.').first()).toBeVisible();
  await picture(page, 'rollout-stopped');
  await page.getByRole('button', { name: 'Go back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Go back' }).click();
  await expect(page.getByText('Went back', { exact: true })).toBeVisible();
  labA.conditions = [];
  labB.conditions = [];
  const { body } = await sendHub<{ globalServices: { name: string }[] }>(
    page,
    'GET',
    '/global-namespaces/lab',
  );
  expect(body.globalServices.map(one => one.name)).toEqual(['gauge']);
});
