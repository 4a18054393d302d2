import {
  clusterIssuersSchema,
  clusterListSchema,
  connectionSchema,
  diagnosisSchema,
  consequencesSchema,
  gnsAuthoritySchema,
  gnsStatusSchema,
  gnsSummaryListSchema,
  holdListSchema,
  hubStatusSchema,
  issuanceListSchema,
  joinTokenSchema,
  revisionListSchema,
  serviceIndexSchema,
  revocationPreviewSchema,
  sloDetailSchema,
  sloListSchema,
  sloPreviewSchema,
  topologySchema,
  trafficRangesSchema,
  trafficSchema,
  trafficSeriesSchema,
} from '@isthmus/plugin-gns-common';
import * as authorities from '../dev/authorityFixtures';
import * as fixtures from '../dev/fixtures';
import {
  shopNeighbours,
  shopRanges,
  shopSeries,
  shopTraffic,
} from '../dev/traffic';
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
    ['join token', joinTokenSchema, fixtures.joinToken('eu-3', 'x')],
    ['connection', connectionSchema, fixtures.connection],
    ['ready connection', connectionSchema, fixtures.readyConnection],
    ['diagnosis', diagnosisSchema, fixtures.diagnosis],
    ['service index', serviceIndexSchema, { items: fixtures.serviceIndex }],
    ['holds', holdListSchema, { items: fixtures.holds }],
    ['hub', hubStatusSchema, fixtures.hub],
    ['an authority', gnsAuthoritySchema, authorities.authority],
    ['a rotation', gnsAuthoritySchema, authorities.rotating],
    ['a transition', gnsAuthoritySchema, authorities.joining],
    ['no key', gnsAuthoritySchema, authorities.unavailable],
    ['issued', issuanceListSchema, { items: authorities.issuances }],
    ['a revocation', revocationPreviewSchema, authorities.revocation],
    ['issuers', clusterIssuersSchema, authorities.clusterIssuers],
    ['objectives', sloListSchema, slos.sloListOf(slos.slos)],
    ['an objective', sloDetailSchema, slos.sloDetail],
    ['a preview', sloPreviewSchema, slos.sloPreview],
    ['traffic of services', trafficSchema, shopTraffic()],
    ['traffic of clusters', trafficSchema, shopTraffic('cluster')],
    ['traffic of workloads', trafficSchema, shopTraffic('workload')],
    ['neighbours', trafficSchema, shopNeighbours('payments')],
    ['ranges', trafficRangesSchema, shopRanges],
    ['series', trafficSeriesSchema, shopSeries('x')],
    [
      'revisions',
      revisionListSchema,
      { items: fixtures.revisions, intact: true },
    ],
  ])('%s are what a hub may answer', (_, schema, value) => {
    expect(schema.parse(value)).toEqual(value);
  });
});
