import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createServingCertificate } from './certificate';
import type { ApiServer } from './server';
import { startApiServer } from './server';

/**
 * `@kubernetes/client-node` is an ES module, which Jest does not load here: so
 * it runs in a Node process of its own, as it does in the product.
 */
const SCRIPT = `
const k8s = await import('@kubernetes/client-node');
const config = new k8s.KubeConfig();
config.loadFromFile(process.env.KUBECONFIG);
const core = config.makeApiClient(k8s.CoreV1Api);
await core.createNamespacedConfigMap({
  namespace: 'default',
  body: { metadata: { name: 'one', labels: { app: 'x' } }, data: { a: '1' } },
});
const events = [];
const informer = k8s.makeInformer(
  config,
  '/api/v1/namespaces/default/configmaps',
  () => core.listNamespacedConfigMap({ namespace: 'default' }),
);
const heard = new Promise(resolve => {
  informer.on('update', object => { events.push('update ' + object.metadata.name); resolve(); });
});
informer.on('add', object => events.push('add ' + object.metadata.name));
await informer.start();
const objects = k8s.KubernetesObjectApi.makeApiClient(config);
await objects.patch(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'default' }, data: { b: '2' } },
  undefined, undefined, 'client-node', true,
  k8s.PatchStrategy.ServerSideApply,
);
await heard;
await informer.stop();
const stored = await core.readNamespacedConfigMap({ name: 'one', namespace: 'default' });
let missing;
try {
  await core.readNamespacedConfigMap({ name: 'none', namespace: 'default' });
} catch (error) {
  missing = error.code;
}
console.log(JSON.stringify({ events, data: stored.data, managers: stored.metadata.managedFields.map(f => f.operation), missing }));
process.exit(0);
`;

describe('@kubernetes/client-node', () => {
  let server: ApiServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-client-node-'));
    server = await startApiServer({
      certificate: createServingCertificate(),
      tokens: { admin: { username: 'admin', groups: ['system:masters'] } },
    });
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads a kubeconfig, writes, applies and watches', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(
      kubeconfig,
      server.kubeconfig({ cluster: 'x', user: 'admin', token: 'admin' }),
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', SCRIPT],
      {
        cwd: __dirname,
        env: { ...process.env, KUBECONFIG: kubeconfig, NODE_OPTIONS: '' },
      },
    );
    expect(JSON.parse(stdout)).toEqual({
      events: ['add one', 'update one'],
      data: { a: '1', b: '2' },
      managers: ['Apply', 'Update'],
      missing: 404,
    });
  }, 60_000);
});
