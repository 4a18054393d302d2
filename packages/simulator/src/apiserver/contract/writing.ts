import { AGENT, JSON_PATCH, MERGE, STRATEGIC } from './connection';
import type { ContractClient } from './connection';
import { configMap, deployment, ownership, service } from './objects';

/** Create, update, the patches that are not apply, delete. */
export function describeWriting(
  client: () => ContractClient,
  ns: () => string,
) {
  const configMaps = () => `/api/v1/namespaces/${ns()}/configmaps`;
  const services = () => `/api/v1/namespaces/${ns()}/services`;
  const deployments = () => `/apis/apps/v1/namespaces/${ns()}/deployments`;

  describe('writing', () => {
    it('gives a new object its identity and its owner', async () => {
      const { status, body } = await client().post(
        configMaps(),
        configMap('born', { a: '1' }, { labels: { l: 'x' } }),
      );
      expect(status).toBe(201);
      expect(body.metadata).toMatchObject({ name: 'born', namespace: ns() });
      expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.metadata.creationTimestamp).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      );
      expect(ownership(body)).toEqual({
        [`${AGENT}/Update`]: {
          'f:data': { '.': {}, 'f:a': {} },
          'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
        },
      });
    });

    it('the URL says what a built-in object is', async () => {
      const { status, body } = await client().post(configMaps(), {
        metadata: { name: 'untyped' },
      });
      expect([status, body.kind, body.apiVersion]).toEqual([
        201,
        'ConfigMap',
        'v1',
      ]);
    });

    it('makes a name from generateName', async () => {
      const { body } = await client().post(configMaps(), {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { generateName: 'made-' },
      });
      expect(body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
    });

    it('refuses a name twice', async () => {
      await client().post(configMaps(), configMap('twice'));
      const { status, body } = await client().post(
        configMaps(),
        configMap('twice'),
      );
      expect(status).toBe(409);
      expect(body).toMatchObject({
        reason: 'AlreadyExists',
        message: 'configmaps "twice" already exists',
        details: { name: 'twice', kind: 'configmaps' },
      });
    });

    it('refuses an object in a namespace that is not there', async () => {
      const { status, body } = await client().post(
        '/api/v1/namespaces/nowhere/configmaps',
        configMap('x'),
      );
      expect([status, body.message]).toEqual([
        404,
        'namespaces "nowhere" not found',
      ]);
    });

    it('refuses names, kinds and namespaces that do not fit', async () => {
      const bad = await client().post(configMaps(), configMap('Bad_Name'));
      expect(bad.status).toBe(422);
      expect(bad.body).toMatchObject({
        reason: 'Invalid',
        details: {
          causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }],
        },
      });
      expect(bad.body.message).toContain(
        'ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain',
      );
      const nameless = await client().post(configMaps(), configMap(''));
      expect(nameless.body.message).toBe(
        'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
      );
      const kind = await client().post(configMaps(), {
        ...configMap('x'),
        kind: 'Secret',
      });
      expect(kind.status).toBe(400);
      expect(kind.body.message).toContain(
        'Secret in version "v1" cannot be handled as a ConfigMap',
      );
      const elsewhere = await client().post(configMaps(), {
        ...configMap('x'),
        metadata: { name: 'x', namespace: 'elsewhere' },
      });
      expect([elsewhere.status, elsewhere.body.message]).toEqual([
        400,
        'the namespace of the provided object does not match the namespace sent on the request',
      ]);
      const key = await client().post(
        configMaps(),
        configMap('keyed', { 'a/b': '1' }),
      );
      expect(key.status).toBe(422);
      expect(key.body.message).toContain('data[a/b]: Invalid value: "a/b"');
      const broken = await client().send('POST', configMaps(), {
        body: '{broken',
      });
      expect([broken.status, broken.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('a write with an old resource version is a conflict', async () => {
      const { body: first } = await client().post(
        configMaps(),
        configMap('stale', { a: '1' }),
      );
      await client().put(
        `${configMaps()}/stale`,
        configMap('stale', { a: '2' }),
      );
      const { status, body } = await client().put(
        `${configMaps()}/stale`,
        configMap(
          'stale',
          { a: '3' },
          {
            resourceVersion: first.metadata.resourceVersion,
          },
        ),
      );
      expect(status).toBe(409);
      expect(body).toMatchObject({
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again',
        details: { name: 'stale', kind: 'configmaps' },
      });
    });

    it('a write that changes nothing keeps the resource version', async () => {
      const { body: first } = await client().post(
        configMaps(),
        configMap('same', { a: '1' }),
      );
      const { body: put } = await client().put(
        `${configMaps()}/same`,
        configMap('same', { a: '1' }),
      );
      const { body: patched } = await client().patch(
        `${configMaps()}/same`,
        MERGE,
        { data: { a: '1' } },
      );
      expect(put.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      expect(patched.metadata.resourceVersion).toBe(
        first.metadata.resourceVersion,
      );
    });

    it('only a changed spec raises the generation', async () => {
      const { body: first } = await client().post(
        deployments(),
        deployment('generations'),
      );
      const path = `${deployments()}/generations`;
      const labelled = await client().patch(path, MERGE, {
        metadata: { labels: { a: 'b' } },
      });
      const scaled = await client().patch(path, MERGE, {
        spec: { replicas: 3 },
      });
      const reported = await client().patch(`${path}/status`, MERGE, {
        status: { replicas: 3 },
      });
      expect(
        [first, labelled.body, scaled.body, reported.body].map(
          object => object.metadata.generation,
        ),
      ).toEqual([1, 1, 2, 2]);
      expect(reported.body.status.replicas).toBe(3);
    });

    it('the main door does not write status, nor /status the spec', async () => {
      await client().post(deployments(), deployment('doors'));
      const path = `${deployments()}/doors`;
      const main = await client().patch(path, MERGE, {
        status: { replicas: 9 },
      });
      expect(main.body.status.replicas).toBeUndefined();
      const status = await client().patch(`${path}/status`, MERGE, {
        spec: { replicas: 9 },
        status: { readyReplicas: 1, replicas: 1 },
      });
      expect(status.body.spec.replicas).toBe(1);
      expect(status.body.status.readyReplicas).toBe(1);
      expect(ownership(status.body)).toMatchObject({
        [`${AGENT}/Update/status`]: {
          'f:status': { 'f:readyReplicas': {}, 'f:replicas': {} },
        },
      });
    });

    it('scales a workload through /scale', async () => {
      await client().post(deployments(), deployment('scaled'));
      const path = `${deployments()}/scaled`;
      const { body: scale } = await client().get(`${path}/scale`);
      expect(scale).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'scaled', namespace: ns() },
        spec: { replicas: 1 },
        status: { replicas: 0, selector: 'app=scaled' },
      });
      const put = await client().put(`${path}/scale`, {
        ...scale,
        spec: { replicas: 4 },
      });
      expect([put.status, put.body.spec]).toEqual([200, { replicas: 4 }]);
      const stale = await client().put(`${path}/scale`, scale);
      expect([stale.status, stale.body.reason]).toEqual([409, 'Conflict']);
      const patched = await client().patch(`${path}/scale`, MERGE, {
        spec: { replicas: 2 },
      });
      expect(patched.body.spec).toEqual({ replicas: 2 });
      const { body } = await client().get(path);
      expect([body.spec.replicas, body.metadata.generation]).toEqual([2, 3]);
      expect(ownership(body)[`${AGENT}/Update/scale`]).toEqual({
        'f:spec': { 'f:replicas': {} },
      });
    });

    it('fills in the defaults of a Service', async () => {
      const { body } = await client().post(
        services(),
        service('defaults', [{ name: 'http', port: 80 }]),
      );
      expect(body.spec).toMatchObject({
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }],
        internalTrafficPolicy: 'Cluster',
      });
      expect(body.spec.clusterIP).toMatch(/^10\./);
      const put = await client().put(
        `${services()}/defaults`,
        service('defaults', [{ name: 'http', port: 81 }]),
      );
      expect(put.body.spec.clusterIP).toBe(body.spec.clusterIP);
    });

    it('merge patch, JSON patch and strategic patch', async () => {
      await client().post(
        configMaps(),
        configMap('patched', { a: '1', b: '2' }),
      );
      const path = `${configMaps()}/patched`;
      const merged = await client().patch(path, MERGE, {
        data: { a: null, c: '3' },
      });
      expect(merged.body.data).toEqual({ b: '2', c: '3' });
      const jsonPatched = await client().patch(path, JSON_PATCH, [
        { op: 'test', path: '/data/b', value: '2' },
        { op: 'replace', path: '/data/b', value: '9' },
        { op: 'add', path: '/metadata/annotations', value: { 'x/y': '3' } },
        { op: 'replace', path: '/metadata/annotations/x~1y', value: '4' },
      ]);
      expect(jsonPatched.body.data).toEqual({ b: '9', c: '3' });
      expect(jsonPatched.body.metadata.annotations).toEqual({ 'x/y': '4' });
      const failed = await client().patch(path, JSON_PATCH, [
        { op: 'test', path: '/data/b', value: '2' },
      ]);
      expect([failed.status, failed.body.reason]).toEqual([422, 'Invalid']);
      await client().post(
        deployments(),
        deployment('strategic', [{ name: 'A', value: '1' }]),
      );
      const strategic = await client().patch(
        `${deployments()}/strategic`,
        STRATEGIC,
        {
          spec: {
            template: {
              spec: {
                containers: [{ name: 'app', env: [{ name: 'B', value: '2' }] }],
              },
            },
          },
        },
      );
      const [container] = strategic.body.spec.template.spec.containers;
      expect(container.image).toBe('shop:1');
      expect(
        new Map(
          container.env.map((e: { name: string; value: string }) => [
            e.name,
            e.value,
          ]),
        ),
      ).toEqual(
        new Map([
          ['A', '1'],
          ['B', '2'],
        ]),
      );
    });

    it('refuses a patch type that it does not know', async () => {
      await client().post(configMaps(), configMap('weird'));
      const { status, body } = await client().patch(
        `${configMaps()}/weird`,
        'application/weird',
        {},
      );
      expect([status, body.reason]).toEqual([415, 'UnsupportedMediaType']);
    });

    it('a patch of a missing object is 404', async () => {
      const { status } = await client().patch(
        `${configMaps()}/missing`,
        MERGE,
        {},
      );
      expect(status).toBe(404);
    });

    it('dryRun stores nothing', async () => {
      const { status } = await client().post(
        `${configMaps()}?dryRun=All`,
        configMap('dry'),
      );
      expect(status).toBe(201);
      expect((await client().get(`${configMaps()}/dry`)).status).toBe(404);
    });

    it('an update takes fields from those who owned them', async () => {
      await client().send('POST', `${configMaps()}?fieldManager=one`, {
        body: configMap('taken', { a: '1', b: '1' }),
      });
      const { body } = await client().send(
        'PATCH',
        `${configMaps()}/taken?fieldManager=two`,
        { body: { data: { a: '2' } }, contentType: MERGE },
      );
      expect(ownership(body)).toEqual({
        'one/Update': { 'f:data': { '.': {}, 'f:b': {} } },
        'two/Update': { 'f:data': { 'f:a': {} } },
      });
    });
  });
}
