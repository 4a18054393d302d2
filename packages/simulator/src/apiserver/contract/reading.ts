import type { ContractClient } from './connection';
import { configMap } from './objects';

/** Lists, selectors, pages, discovery. */
export function describeReading(
  client: () => ContractClient,
  ns: () => string,
) {
  const configMaps = () => `/api/v1/namespaces/${ns()}/configmaps`;

  describe('reading', () => {
    it('says that it is ready', async () => {
      const { status, body } = await client().get('/readyz');
      expect([status, body]).toEqual([200, 'ok']);
    });

    it('lists the kinds in use by discovery', async () => {
      const core = await client().get('/api/v1');
      expect(core.body.kind).toBe('APIResourceList');
      const names = core.body.resources.map((r: { name: string }) => r.name);
      expect(names).toEqual(
        expect.arrayContaining([
          'configmaps',
          'namespaces',
          'pods',
          'pods/status',
          'secrets',
          'serviceaccounts/token',
          'services',
        ]),
      );
      const groups = await client().get('/apis');
      expect(groups.body.kind).toBe('APIGroupList');
      expect(groups.body.groups.map((g: { name: string }) => g.name)).toEqual(
        expect.arrayContaining([
          'apps',
          'autoscaling',
          'batch',
          'coordination.k8s.io',
          'discovery.k8s.io',
          'networking.k8s.io',
          'policy',
        ]),
      );
      const apps = await client().get('/apis/apps/v1');
      expect(
        apps.body.resources.find(
          (r: { name: string }) => r.name === 'deployments',
        ),
      ).toMatchObject({
        kind: 'Deployment',
        namespaced: true,
        shortNames: ['deploy'],
        singularName: 'deployment',
      });
    });

    it('says in OpenAPI that patches validate fields', async () => {
      const root = await client().get('/openapi/v3');
      const { serverRelativeURL } = root.body.paths['apis/apps/v1'];
      const { body } = await client().get(serverRelativeURL);
      const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';
      const { patch } = body.paths[path];
      expect(patch['x-kubernetes-group-version-kind']).toEqual({
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
      });
      expect(patch.parameters.map((p: { name?: string }) => p.name)).toContain(
        'fieldValidation',
      );
    });

    it('answers what it does not serve with 404', async () => {
      const resource = await client().get('/api/v1/nosuch');
      expect(resource.status).toBe(404);
      expect(resource.body).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
        code: 404,
      });
      expect((await client().get('/apis/nosuch.io/v1')).status).toBe(404);
    });

    it('answers a missing object with its name and kind', async () => {
      const { status, body } = await client().get(`${configMaps()}/nope`);
      expect(status).toBe(404);
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'configmaps "nope" not found',
        reason: 'NotFound',
        details: { name: 'nope', kind: 'configmaps' },
        code: 404,
      });
    });

    it('selects by label: equality, sets, existence', async () => {
      const make = (name: string, labels: Record<string, string>) =>
        client().post(configMaps(), configMap(name, {}, { labels }));
      await make('sel-a', { app: 'a', tier: 'front', sel: 'y' });
      await make('sel-b', { app: 'b', tier: 'back', sel: 'y' });
      await make('sel-c', { app: 'c', sel: 'y' });
      const select = async (selector: string) => {
        const { body } = await client().get(
          `${configMaps()}?labelSelector=${encodeURIComponent(
            `sel=y,${selector}`,
          )}`,
        );
        return body.items.map(
          (item: { metadata: { name: string } }) => item.metadata.name,
        );
      };
      expect(await select('app=a')).toEqual(['sel-a']);
      expect(await select('app==a')).toEqual(['sel-a']);
      expect(await select('app!=a')).toEqual(['sel-b', 'sel-c']);
      expect(await select('app in (a, c)')).toEqual(['sel-a', 'sel-c']);
      expect(await select('app notin (a,c)')).toEqual(['sel-b']);
      expect(await select('tier')).toEqual(['sel-a', 'sel-b']);
      expect(await select('!tier')).toEqual(['sel-c']);
      expect(await select('tier!=front')).toEqual(['sel-b', 'sel-c']);
      expect(await select('tier notin (front)')).toEqual(['sel-b', 'sel-c']);
    });

    it('refuses a label selector that it cannot read', async () => {
      const { status, body } = await client().get(
        `${configMaps()}?labelSelector=a%20b%20c`,
      );
      expect([status, body.reason]).toEqual([400, 'BadRequest']);
      expect(body.message).toContain("found 'b', expected: in, notin, =");
    });

    it('selects by metadata.name and refuses unknown fields', async () => {
      await client().post(configMaps(), configMap('field-one'));
      const found = await client().get(
        `${configMaps()}?fieldSelector=metadata.name%3Dfield-one`,
      );
      expect(found.body.items).toHaveLength(1);
      const unknown = await client().get(
        `${configMaps()}?fieldSelector=data.a%3Db`,
      );
      expect([unknown.status, unknown.body.message]).toEqual([
        400,
        '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
      ]);
    });

    it('pages show one moment, whatever happens between them', async () => {
      for (const n of [1, 2, 3, 4, 5]) {
        await client().post(
          configMaps(),
          configMap(`page-${n}`, {}, { labels: { paged: 'y' } }),
        );
      }
      const url = `${configMaps()}?labelSelector=paged&limit=2`;
      const names: string[] = [];
      const versions = new Set<string>();
      let token = '';
      do {
        const { body } = await client().get(
          token ? `${url}&continue=${encodeURIComponent(token)}` : url,
        );
        names.push(
          ...body.items.map(
            (item: { metadata: { name: string } }) => item.metadata.name,
          ),
        );
        versions.add(body.metadata.resourceVersion);
        token = body.metadata.continue ?? '';
        if (names.length === 2) {
          await client().delete(`${configMaps()}/page-4`);
        }
      } while (token);
      expect(names).toEqual(['page-1', 'page-2', 'page-3', 'page-4', 'page-5']);
      expect(versions.size).toBe(1);
    });

    it('refuses a continue token that is none', async () => {
      const { status, body } = await client().get(
        `${configMaps()}?limit=1&continue=abc`,
      );
      expect([status, body.reason]).toEqual([400, 'BadRequest']);
      expect(body.message).toContain('continue key is not valid');
    });

    it('refuses a resource version from the future', async () => {
      const { status, body } = await client().get(
        `${configMaps()}?resourceVersion=99999999`,
      );
      expect(status).toBe(504);
      expect(body.details.causes[0].reason).toBe('ResourceVersionTooLarge');
    });

    it('lists carry the kind and the version of the moment', async () => {
      const { body } = await client().get('/apis/apps/v1/deployments');
      expect(body).toMatchObject({
        kind: 'DeploymentList',
        apiVersion: 'apps/v1',
      });
      expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(0);
    });

    it.each([
      '/api/v1/pods',
      '/api/v1/services',
      '/api/v1/configmaps',
      '/api/v1/limitranges',
      '/api/v1/resourcequotas',
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/replicasets',
      '/apis/apps/v1/statefulsets',
      '/apis/apps/v1/daemonsets',
      '/apis/autoscaling/v2/horizontalpodautoscalers',
      '/apis/batch/v1/jobs',
      '/apis/batch/v1/cronjobs',
      '/apis/networking.k8s.io/v1/ingresses',
      '/apis/discovery.k8s.io/v1/endpointslices',
      '/apis/coordination.k8s.io/v1/leases',
      '/apis/policy/v1/poddisruptionbudgets',
    ])('serves the list %s', async path => {
      const { status, body } = await client().get(path);
      expect(status).toBe(200);
      expect(Array.isArray(body.items)).toBe(true);
    });
  });
}
