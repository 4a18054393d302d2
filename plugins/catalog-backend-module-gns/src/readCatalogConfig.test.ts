import { ConfigReader } from '@backstage/config';
import { readCatalogConfig } from './readCatalogConfig';

const read = (gns?: Record<string, string>) =>
  readCatalogConfig(
    new ConfigReader({
      app: { baseUrl: 'https://portal.test/' },
      ...(gns ? { catalog: { providers: { gns } } } : {}),
    }),
  );

describe('the settings', () => {
  it('have defaults', () => {
    expect(read()).toEqual({
      namespace: 'gns',
      clusterNamespace: 'gns-clusters',
      defaultOwner: 'group:default/unowned',
      frequencyMs: 30_000,
      portalUrl: 'https://portal.test',
    });
  });

  it('are read', () => {
    expect(
      read({
        namespace: 'mesh',
        defaultOwner: 'group:platform',
        frequency: '2m',
      }),
    ).toMatchObject({
      namespace: 'mesh',
      defaultOwner: 'group:default/platform',
      frequencyMs: 120_000,
    });
  });

  it.each([
    [{ namespace: 'Not Good' }, 'catalog.providers.gns.namespace'],
    [{ namespace: 'a', clusterNamespace: 'a' }, 'clusterNamespace'],
    [{ defaultOwner: 'group:a/b/c' }, 'defaultOwner'],
  ])('refuse %j by name', (gns, key) => {
    expect(() => read(gns)).toThrow(key);
  });
});
