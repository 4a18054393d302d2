import type { ContractClient } from './connection';
import { MERGE } from './connection';
import { configMap } from './objects';

/** Delete: preconditions, finalizers, collections, namespaces. */
export function describeDeleting(
  client: () => ContractClient,
  ns: () => string,
) {
  const configMaps = () => `/api/v1/namespaces/${ns()}/configmaps`;

  describe('deleting', () => {
    it('answers with the object that went', async () => {
      const { body: made } = await client().post(
        configMaps(),
        configMap('gone'),
      );
      const { status, body } = await client().delete(`${configMaps()}/gone`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'gone', kind: 'configmaps', uid: made.metadata.uid },
      });
      expect((await client().get(`${configMaps()}/gone`)).status).toBe(404);
      expect((await client().delete(`${configMaps()}/gone`)).status).toBe(404);
    });

    it('keeps to preconditions', async () => {
      const { body: made } = await client().post(
        configMaps(),
        configMap('pre'),
      );
      const path = `${configMaps()}/pre`;
      const uid = await client().delete(path, {
        preconditions: { uid: 'abc' },
      });
      expect([uid.status, uid.body.message]).toEqual([
        409,
        `Operation cannot be fulfilled on ConfigMap "pre": the UID in the precondition (abc) does not match the UID in record (${made.metadata.uid}). The object might have been deleted and then recreated`,
      ]);
      const version = await client().delete(path, {
        preconditions: { resourceVersion: '1' },
      });
      expect(version.status).toBe(409);
      expect(version.body.message).toContain(
        'the ResourceVersion in the precondition (1) does not match',
      );
      const right = await client().delete(path, {
        preconditions: { uid: made.metadata.uid },
      });
      expect(right.status).toBe(200);
    });

    it('waits for finalizers', async () => {
      const path = `${configMaps()}/final`;
      await client().post(
        configMaps(),
        configMap('final', {}, { finalizers: ['example.com/hold'] }),
      );
      const { body } = await client().delete(path);
      expect(body.metadata.deletionTimestamp).toBeDefined();
      expect((await client().get(path)).status).toBe(200);
      const released = await client().patch(path, MERGE, {
        metadata: { finalizers: null },
      });
      expect(released.status).toBe(200);
      expect((await client().get(path)).status).toBe(404);
    });

    it('deletes a selected collection', async () => {
      for (const name of ['col-1', 'col-2']) {
        await client().post(
          configMaps(),
          configMap(name, {}, { labels: { col: 'y' } }),
        );
      }
      await client().post(configMaps(), configMap('col-3'));
      const { status, body } = await client().delete(
        `${configMaps()}?labelSelector=col%3Dy`,
      );
      expect([status, body.kind, body.items.length]).toEqual([
        200,
        'ConfigMapList',
        2,
      ]);
      expect((await client().get(`${configMaps()}/col-1`)).status).toBe(404);
      expect((await client().get(`${configMaps()}/col-3`)).status).toBe(200);
    });

    it('a namespace that ends takes no new objects', async () => {
      const name = `${ns()}-ending`;
      await client().post('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
      await client().post(
        `/api/v1/namespaces/${name}/configmaps`,
        configMap('holds', {}, { finalizers: ['example.com/hold'] }),
      );
      const { body } = await client().delete(`/api/v1/namespaces/${name}`);
      expect(body.status.phase).toBe('Terminating');
      const late = await client().post(
        `/api/v1/namespaces/${name}/configmaps`,
        configMap('late'),
      );
      expect(late.status).toBe(403);
      expect(late.body.message).toBe(
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
    });
  });
}
