import { AGENT, APPLY, MERGE } from './connection';
import type { ContractClient } from './connection';
import { configMap, deployment, ownership, service } from './objects';

/** Server-side apply. */
export function describeApplying(
  client: () => ContractClient,
  ns: () => string,
) {
  const configMaps = () => `/api/v1/namespaces/${ns()}/configmaps`;
  const services = () => `/api/v1/namespaces/${ns()}/services`;
  const deployments = () => `/apis/apps/v1/namespaces/${ns()}/deployments`;

  describe('server-side apply', () => {
    it('creates what is not there and owns what it states', async () => {
      const { status, body } = await client().apply(
        `${configMaps()}/made`,
        'me',
        configMap('made', { a: '1' }, { labels: { l: 'x' } }),
      );
      expect(status).toBe(201);
      expect(ownership(body)).toEqual({
        'me/Apply': {
          'f:data': { 'f:a': {} },
          'f:metadata': { 'f:labels': { 'f:l': {} } },
        },
      });
    });

    it('accepts YAML', async () => {
      const { status, body } = await client().patch(
        `${configMaps()}/yaml?fieldManager=me`,
        APPLY,
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n',
      );
      expect([status, body.data]).toEqual([201, { a: '1' }]);
    });

    it('needs a kind', async () => {
      const { status, body } = await client().apply(
        `${configMaps()}/kindless`,
        'me',
        { metadata: { name: 'kindless' } },
      );
      expect([status, body.reason]).toEqual([400, 'BadRequest']);
    });

    it('needs a field manager', async () => {
      const { status, body } = await client().patch(
        `${configMaps()}/nobody`,
        APPLY,
        configMap('nobody'),
      );
      expect(status).toBe(422);
      expect(body).toMatchObject({
        reason: 'Invalid',
        message:
          'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        details: {
          group: 'meta.k8s.io',
          kind: 'PatchOptions',
          causes: [{ reason: 'FieldValueRequired', field: 'fieldManager' }],
        },
      });
    });

    it('the same configuration again changes nothing', async () => {
      const path = `${configMaps()}/again`;
      const first = await client().apply(
        path,
        'me',
        configMap('again', { a: '1' }),
      );
      const second = await client().apply(
        path,
        'me',
        configMap('again', { a: '1' }),
      );
      expect(second.status).toBe(200);
      expect(second.body).toEqual(first.body);
    });

    it('a field of another manager is a conflict with its name', async () => {
      await client().post(
        configMaps(),
        configMap('clash', { a: '1' }, { labels: { a: 'b' } }),
      );
      const one = await client().apply(
        `${configMaps()}/clash`,
        'me',
        configMap('clash', { a: '2', b: '3' }),
      );
      expect(one.status).toBe(409);
      expect(one.body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `Apply failed with 1 conflict: conflict with "${AGENT}" using v1: .data.a`,
        reason: 'Conflict',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message: `conflict with "${AGENT}" using v1`,
              field: '.data.a',
            },
          ],
        },
        code: 409,
      });
      const two = await client().apply(
        `${configMaps()}/clash`,
        'me',
        configMap('clash', { a: '2' }, { labels: { a: 'x' } }),
      );
      expect(two.body.message).toBe(
        `Apply failed with 2 conflicts: conflicts with "${AGENT}" using v1:\n- .data.a\n- .metadata.labels.a`,
      );
      expect(
        two.body.details.causes.map((c: { field: string }) => c.field),
      ).toEqual(['.data.a', '.metadata.labels.a']);
    });

    it('force takes the field, and the other manager loses it', async () => {
      const path = `${configMaps()}/forced`;
      await client().apply(
        path,
        'one',
        configMap('forced', { a: '1', b: '1' }),
      );
      const refused = await client().apply(
        path,
        'two',
        configMap('forced', { a: '2' }),
      );
      expect(refused.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "one": .data.a',
      );
      const { body } = await client().apply(
        path,
        'two',
        configMap('forced', { a: '2' }),
        '&force=true',
      );
      expect(body.data).toEqual({ a: '2', b: '1' });
      expect(ownership(body)).toEqual({
        'one/Apply': { 'f:data': { 'f:b': {} } },
        'two/Apply': { 'f:data': { 'f:a': {} } },
      });
    });

    it('equal values are shared without a conflict', async () => {
      const path = `${configMaps()}/shared`;
      await client().apply(path, 'one', configMap('shared', { a: '1' }));
      const { status, body } = await client().apply(
        path,
        'two',
        configMap('shared', { a: '1' }),
      );
      expect(status).toBe(200);
      expect(ownership(body)).toEqual({
        'one/Apply': { 'f:data': { 'f:a': {} } },
        'two/Apply': { 'f:data': { 'f:a': {} } },
      });
      const left = await client().apply(path, 'one', configMap('shared', {}));
      expect(left.body.data).toEqual({ a: '1' });
    });

    it('a field that is no longer applied goes away', async () => {
      const path = `${configMaps()}/dropped`;
      await client().apply(
        path,
        'me',
        configMap('dropped', { a: '1', b: '2' }, { labels: { x: 'y' } }),
      );
      await client().patch(path, MERGE, { data: { foreign: 'z' } });
      const { body } = await client().apply(path, 'me', {
        ...configMap('dropped', { a: '1' }),
      });
      expect(body.data).toEqual({ a: '1', foreign: 'z' });
      expect(body.metadata.labels).toBeUndefined();
    });

    it('a manager without fields is no longer listed', async () => {
      const path = `${configMaps()}/left`;
      await client().apply(path, 'keep', configMap('left', { a: '1' }));
      await client().apply(path, 'leave', configMap('left', { b: '1' }));
      const { body } = await client().apply(path, 'leave', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'left' },
      });
      expect(ownership(body)).toEqual({
        'keep/Apply': { 'f:data': { 'f:a': {} } },
      });
      expect(body.data).toEqual({ a: '1' });
    });

    it('dryRun shows the result and stores nothing', async () => {
      const path = `${configMaps()}/drily`;
      const { status, body } = await client().apply(
        path,
        'me',
        configMap('drily', { a: '1' }),
        '&dryRun=All',
      );
      expect([status, body.data]).toEqual([201, { a: '1' }]);
      expect((await client().get(path)).status).toBe(404);
    });

    it('merges ports by port and protocol', async () => {
      const path = `${services()}/ports`;
      const first = await client().apply(
        path,
        'one',
        service('ports', [{ name: 'http', port: 80 }]),
      );
      expect(ownership(first.body)).toEqual({
        'one/Apply': {
          'f:spec': {
            'f:ports': {
              'k:{"port":80,"protocol":"TCP"}': {
                '.': {},
                'f:name': {},
                'f:port': {},
              },
            },
            'f:selector': {},
          },
        },
      });
      const second = await client().apply(path, 'two', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'ports' },
        spec: { ports: [{ name: 'grpc', port: 81, protocol: 'TCP' }] },
      });
      expect(
        second.body.spec.ports.map((p: { name: string }) => p.name),
      ).toEqual(['http', 'grpc']);
      const gone = await client().apply(path, 'two', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'ports' },
        spec: {},
      });
      expect(gone.body.spec.ports.map((p: { name: string }) => p.name)).toEqual(
        ['http'],
      );
    });

    it('merges containers and env by name', async () => {
      const path = `${deployments()}/merged`;
      await client().apply(
        path,
        'one',
        deployment('merged', [{ name: 'A', value: '1' }]),
      );
      const second = await client().apply(path, 'two', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'merged' },
        spec: {
          template: {
            spec: {
              containers: [{ name: 'app', env: [{ name: 'B', value: '2' }] }],
            },
          },
        },
      });
      const [container] = second.body.spec.template.spec.containers;
      expect(container.image).toBe('shop:1');
      expect(container.env).toEqual([
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]);
      const clash = await client().apply(
        path,
        'two',
        deployment('merged', [{ name: 'A', value: '9' }]),
      );
      expect(clash.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "one": .spec.template.spec.containers[name="app"].env[name="A"].value',
      );
    });

    it('refuses a list with the same key twice', async () => {
      const { status, body } = await client().apply(
        `${services()}/double`,
        'me',
        service('double', [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ]),
      );
      expect(status).toBe(500);
      expect(body.message).toContain('duplicate entries for key');
    });

    it('refuses another name and managedFields in the body', async () => {
      const other = await client().apply(
        `${configMaps()}/named`,
        'me',
        configMap('other'),
      );
      expect([other.status, other.body.message]).toEqual([
        400,
        'the name of the object (other) does not match the name on the URL (named)',
      ]);
      const managed = await client().apply(`${configMaps()}/named`, 'me', {
        ...configMap('named'),
        metadata: {
          name: 'named',
          managedFields: [
            {
              manager: 'x',
              operation: 'Apply',
              apiVersion: 'v1',
              fieldsType: 'FieldsV1',
              fieldsV1: {},
            },
          ],
        },
      });
      expect([managed.status, managed.body.message]).toEqual([
        400,
        'metadata.managedFields must be nil',
      ]);
    });

    it('an old resource version is a conflict', async () => {
      const path = `${configMaps()}/versioned`;
      const first = await client().apply(
        path,
        'me',
        configMap('versioned', { a: '1' }),
      );
      await client().apply(path, 'me', configMap('versioned', { a: '2' }));
      const { status, body } = await client().apply(
        path,
        'me',
        configMap(
          'versioned',
          { a: '3' },
          {
            resourceVersion: first.body.metadata.resourceVersion,
          },
        ),
      );
      expect([status, body.reason]).toEqual([409, 'Conflict']);
    });
  });
}
