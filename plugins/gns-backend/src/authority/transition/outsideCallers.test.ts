import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import type { Traffic } from '@isthmus/plugin-gns-common';
import { outsideCallersOf, readOutsideCallers } from './outsideCallers';

const IDS = new Map([
  ['eu', 'id-eu'],
  ['us', 'id-us'],
]);
type Picture = Parameters<typeof outsideCallersOf>[0];

const coverage = (cluster: string, known = 1, dataAt?: string) =>
  ({ cluster, known, dataAt } as Traffic['coverage'][number]);
const node = (
  id: string,
  kind: Traffic['nodes'][number]['kind'],
  more: Partial<Traffic['nodes'][number]> = {},
) => ({ id, kind, label: id, ...more } as Traffic['nodes'][number]);
const edge = (source: string, target: string) =>
  ({ source, target } as Traffic['edges'][number]);

const AT = '2026-11-26T10:00:00Z';
const MEMBERS = [
  node('web', 'workload', {
    cluster: 'eu',
    namespace: 'shop',
    workload: 'web',
  }),
  node('db', 'workload', { cluster: 'us', namespace: 'data', workload: 'db' }),
];
const picture = (more: Partial<Picture>): Picture => ({
  coverage: [coverage('eu', 1, AT), coverage('us', 1, AT)],
  nodes: MEMBERS,
  edges: [],
  hidden: { edges: 0, nodes: 0 },
  ...more,
});

describe('outsideCallersOf', () => {
  it('names who calls members and is none, each once', () => {
    const found = outsideCallersOf(
      picture({
        nodes: [
          ...MEMBERS,
          node('batch', 'foreign', {
            cluster: 'eu',
            namespace: 'jobs',
            workload: 'batch',
          }),
          node('ingress', 'gateway', { cluster: 'eu' }),
        ],
        edges: [
          edge('batch', 'db'),
          edge('batch', 'db'),
          edge('ingress', 'web'),
          edge('web', 'db'),
        ],
      }),
      IDS,
    );
    expect(found).toEqual({
      type: 'known',
      callers: [
        {
          cluster: 'eu',
          namespace: 'jobs',
          workload: 'batch',
          calls: { clusterId: 'id-us', namespace: 'data' },
        },
        {
          cluster: 'eu',
          namespace: '-',
          workload: 'ingress',
          calls: { clusterId: 'id-eu', namespace: 'shop' },
        },
      ],
    });
  });

  it('leaves out callers without a proxy, whose lot no authority changes', () => {
    const found = outsideCallersOf(
      picture({
        nodes: [...MEMBERS, node('cron', 'outside')],
        edges: [edge('cron', 'web')],
      }),
      IDS,
    );
    expect(found).toEqual({ type: 'known', callers: [] });
  });

  it.each([
    ['nothing was ever measured', [coverage('eu', 0), coverage('us', 0)]],
    ['one cluster is silent', [coverage('eu', 1, AT), coverage('us', 0, AT)]],
    ['half an hour is missing', [coverage('eu', 0.49, AT)]],
  ])('knows nothing where %s', (_, covered) => {
    expect(outsideCallersOf(picture({ coverage: covered }), IDS)).toMatchObject(
      { type: 'unknown' },
    );
  });

  it('knows nothing where calls were left out of the picture', () => {
    expect(
      outsideCallersOf(picture({ hidden: { edges: 1, nodes: 0 } }), IDS),
    ).toMatchObject({
      type: 'unknown',
      reason: expect.stringMatching(/1 call/),
    });
  });
});

describe('readOutsideCallers', () => {
  const read = (traffic: () => Promise<Traffic>) => {
    const logger = mockServices.logger.mock();
    return {
      logger,
      found: readOutsideCallers('shop', {
        view: { traffic },
        clusterIds: IDS,
        logger,
      }),
    };
  };

  it('takes an error for unknown, and logs it', async () => {
    const { logger, found } = read(() => Promise.reject(new Error('locked')));
    expect(await found).toMatchObject({ type: 'unknown' });
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('takes a global namespace that telemetry does not know for unknown', async () => {
    const { logger, found } = read(() => Promise.reject(new NotFoundError()));
    expect(await found).toMatchObject({ type: 'unknown' });
    expect(logger.warn).not.toHaveBeenCalled();
  });
});
