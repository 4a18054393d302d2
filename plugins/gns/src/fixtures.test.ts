import {
  clusterListSchema,
  consequencesSchema,
  gnsStatusSchema,
  gnsSummaryListSchema,
  holdListSchema,
  hubStatusSchema,
  revisionListSchema,
  sloDetailSchema,
  sloListSchema,
  topologySchema,
} from '@isthmus/plugin-gns-common';
import * as fixtures from '../dev/fixtures';
import * as slos from '../dev/sloFixtures';

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
    ['objectives', sloListSchema, slos.sloListOf(slos.slos)],
    ['an objective', sloDetailSchema, slos.sloDetail],
    [
      'revisions',
      revisionListSchema,
      { items: fixtures.revisions, intact: true },
    ],
  ])('%s are what a hub may answer', (_, schema, value) => {
    expect(schema.parse(value)).toEqual(value);
  });
});
