import {
  clusterListSchema,
  consequencesSchema,
  gnsStatusSchema,
  gnsSummaryListSchema,
  holdListSchema,
  hubStatusSchema,
  revisionListSchema,
  topologySchema,
} from '@isthmus/plugin-gns-common';
import * as fixtures from '../dev/fixtures';

describe('fixtures', () => {
  it.each([
    ['summaries', gnsSummaryListSchema, { items: fixtures.summaries }],
    ['status', gnsStatusSchema, fixtures.shopStatus],
    ['topology', topologySchema, fixtures.shopTopology],
    ['clusters', clusterListSchema, { items: fixtures.clusters }],
    [
      'consequences',
      consequencesSchema,
      fixtures.consequences('cloud-b', 'drain'),
    ],
    ['holds', holdListSchema, { items: fixtures.holds }],
    ['hub', hubStatusSchema, fixtures.hub],
    [
      'revisions',
      revisionListSchema,
      { items: fixtures.revisions, intact: true },
    ],
  ])('%s are what a hub may answer', (_, schema, value) => {
    expect(schema.parse(value)).toEqual(value);
  });
});
