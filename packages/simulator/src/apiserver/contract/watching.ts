import { MERGE } from './connection';
import type { ContractClient, WatchEvent } from './connection';
import { configMap } from './objects';

function names(events: WatchEvent[]): string[] {
  return events.map(({ type, object }) => `${type} ${object.metadata.name}`);
}

/** Watches. */
export function describeWatching(
  client: () => ContractClient,
  ns: () => string,
) {
  const configMaps = () => `/api/v1/namespaces/${ns()}/configmaps`;
  const version = async () =>
    (await client().get(configMaps())).body.metadata.resourceVersion;

  describe('watching', () => {
    afterEach(() => client().closeWatches());

    it('tells what happened after a version, in order', async () => {
      const from = await version();
      await client().post(configMaps(), configMap('w-1', { a: '1' }));
      await client().patch(`${configMaps()}/w-1`, MERGE, { data: { a: '2' } });
      const opened = await client().watch(
        configMaps(),
        `&resourceVersion=${from}`,
      );
      await client().delete(`${configMaps()}/w-1`);
      const events = await opened.until(all => all.length >= 3);
      expect(names(events)).toEqual([
        'ADDED w-1',
        'MODIFIED w-1',
        'DELETED w-1',
      ]);
      expect(events[1].object.data).toEqual({ a: '2' });
      const versions = events.map(e =>
        Number(e.object.metadata.resourceVersion),
      );
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      expect(new Set(versions).size).toBe(3);
    });

    it('without a version begins with what is there', async () => {
      await client().post(
        configMaps(),
        configMap('there', {}, { labels: { there: 'y' } }),
      );
      const opened = await client().watch(configMaps(), '&labelSelector=there');
      expect(names(await opened.until(all => all.length >= 1))).toEqual([
        'ADDED there',
      ]);
    });

    it('an object that enters or leaves the selection is added or deleted', async () => {
      await client().post(configMaps(), configMap('moving'));
      const opened = await client().watch(
        configMaps(),
        `&labelSelector=moves%3Dy&resourceVersion=${await version()}`,
      );
      const label = (value: string | null) =>
        client().patch(`${configMaps()}/moving`, MERGE, {
          metadata: { labels: { moves: value } },
        });
      await label('y');
      await label(null);
      const events = await opened.until(all => all.length >= 2);
      expect(names(events)).toEqual(['ADDED moving', 'DELETED moving']);
    });

    it('a write that changes nothing is no event', async () => {
      await client().post(configMaps(), configMap('quiet', { a: '1' }));
      const opened = await client().watch(
        configMaps(),
        `&resourceVersion=${await version()}`,
      );
      await client().patch(`${configMaps()}/quiet`, MERGE, {
        data: { a: '1' },
      });
      await client().post(configMaps(), configMap('loud'));
      const events = await opened.until(all => all.length >= 1);
      expect(names(events)).toEqual(['ADDED loud']);
    });

    it('sees only its namespace', async () => {
      const opened = await client().watch(
        configMaps(),
        `&resourceVersion=${await version()}`,
      );
      await client().post(
        '/api/v1/namespaces/default/configmaps',
        configMap(`foreign-${ns()}`),
      );
      await client().post(configMaps(), configMap('own'));
      const events = await opened.until(all => all.length >= 1);
      expect(names(events)).toEqual(['ADDED own']);
    });

    it('ends after its timeout, with a bookmark shortly before', async () => {
      const from = await version();
      const opened = await client().watch(
        configMaps(),
        `&resourceVersion=${from}&allowWatchBookmarks=true&timeoutSeconds=4`,
      );
      await client().post(
        '/api/v1/namespaces/default/configmaps',
        configMap(`elsewhere-${ns()}`),
      );
      await opened.until(() => opened.ended, 15_000);
      const bookmarks = opened.events.filter(e => e.type === 'BOOKMARK');
      expect(bookmarks).toHaveLength(opened.events.length);
      expect(bookmarks.length).toBeGreaterThanOrEqual(1);
      expect(bookmarks[0].object).toMatchObject({
        kind: 'ConfigMap',
        apiVersion: 'v1',
      });
      expect(
        Number(bookmarks[0].object.metadata.resourceVersion),
      ).toBeGreaterThan(Number(from));
    }, 20_000);
  });
}
