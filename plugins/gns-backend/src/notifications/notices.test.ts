import { mockServices } from '@backstage/backend-test-utils';
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import type { Condition } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import type { HoldRecord } from '../delivery/HoldStore';
import type { RolloutRecord } from '../rollouts/types';
import { DatabaseNoticeBoard } from './DatabaseNoticeBoard';
import type { Notice } from './Notice';
import { DEFAULT_NOTICE_LIMITS, noticesOf, type NoticeView } from './noticesOf';

const databases = createTestDatabases();
const MINUTE = 60_000;

const notice = (over: Partial<Notice> = {}): Notice => ({
  scope: 'cluster-silent:c1',
  owners: ['group:default/shop'],
  afterMs: 0,
  severity: 'high',
  title: 'eu-1 is silent',
  description: '…',
  link: '/gns',
  topic: 'Global namespaces',
  ...over,
});

describe.each(databases.eachSupportedId())('the notice board on %s', id => {
  let knex: Knex;
  let clock: number;
  let sent: NotificationSendOptions[];
  let failure: Error | undefined;
  const logger = mockServices.logger.mock();
  const board = () =>
    DatabaseNoticeBoard.create({
      knex,
      logger,
      now: () => clock,
      notifications: {
        send: async options => {
          if (failure) throw failure;
          sent.push(options);
        },
      },
    });
  const titles = () => sent.map(s => s.payload.title);

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    clock = Date.parse('2026-11-25T10:00:00.000Z');
    sent = [];
    failure = undefined;
  });
  afterEach(() => knex.destroy());

  it('tells once while it lasts, whoever looks, and once when it is over', async () => {
    await board().align('hub', [notice()]);
    await board().align('hub', [notice({ description: 'changed' })]);
    expect(sent).toEqual([
      {
        recipients: { type: 'entity', entityRef: ['group:default/shop'] },
        payload: {
          scope: 'gns:cluster-silent:c1',
          severity: 'high',
          title: 'eu-1 is silent',
          description: '…',
          link: '/gns',
          topic: 'Global namespaces',
        },
      },
    ]);
    await board().align('hub', []);
    await board().align('hub', []);
    expect(titles()).toEqual(['eu-1 is silent', 'Over: eu-1 is silent']);
    expect(sent[1].payload).toMatchObject({
      severity: 'low',
      scope: 'gns:cluster-silent:c1',
    });
    expect(await knex('gns_notices')).toEqual([]);
    await board().align('hub', [notice()]);
    expect(titles()).toHaveLength(3);
  });

  it('tells nobody of what does not stay', async () => {
    const brief = notice({ afterMs: 5 * MINUTE });
    await board().align('hub', [brief]);
    clock += 4 * MINUTE;
    await board().align('hub', []);
    await board().align('hub', [brief]);
    clock += 5 * MINUTE - 1;
    await board().align('hub', [brief]);
    expect(sent).toEqual([]);
    clock += 1;
    await board().align('hub', [brief]);
    expect(titles()).toEqual(['eu-1 is silent']);
  });

  it('two replicas that look at once tell once', async () => {
    await Promise.all([
      board().align('hub', [notice()]),
      board().align('hub', [notice()]),
      board().align('hub', [notice()]),
    ]);
    await board().send();
    expect(titles()).toEqual(['eu-1 is silent']);
  });

  it('areas do not end each other’s notices', async () => {
    await board().align('hub', [notice()]);
    await board().align('authority', [notice({ scope: 'root-expires' })]);
    await board().align('hub', [notice()]);
    expect(titles()).toHaveLength(2);
  });

  it('tries again what could not be sent, and survives a portal without notifications', async () => {
    failure = new Error('connection refused');
    await board().align('hub', [notice()]);
    failure = undefined;
    await board().send();
    expect(sent).toEqual([]);
    clock += MINUTE;
    await board().send();
    expect(titles()).toEqual(['eu-1 is silent']);

    failure = new Error('Request failed with status 404 Not Found');
    await board().align('hub', [notice(), notice({ scope: 'other' })]);
    failure = undefined;
    clock += 60 * MINUTE;
    await board().align('hub', [notice(), notice({ scope: 'other' })]);
    expect(titles()).toHaveLength(1);
    const silent = DatabaseNoticeBoard.create({
      knex,
      logger,
      now: () => clock,
      notifications: undefined,
    });
    await silent.align('hub', []);
    expect(await knex('gns_notices')).toEqual([]);
  });

  it('sends nothing that nobody owns', async () => {
    await board().align('hub', [notice({ owners: [] })]);
    expect(sent).toEqual([]);
  });
});

describe('noticesOf', () => {
  const limits = {
    ...DEFAULT_NOTICE_LIMITS,
    platformOwners: ['group:default/platform'],
  };
  const view = (over: Partial<NoticeView> = {}): NoticeView => ({
    limits,
    globalNamespaces: [
      {
        name: 'shop',
        owner: 'group:default/shop',
        clusters: new Set(['eu-1']),
        conditions: [],
      },
    ],
    clusters: [],
    authorities: [],
    holds: [],
    rollouts: [],
    ...over,
  });
  const silent = (state: 'ok' | 'stale' | 'unreachable') => ({
    id: 'c1',
    coverage: { cluster: 'eu-1', state, simulated: false },
  });
  const condition = (over: Partial<Condition> = {}): Condition => ({
    type: 'Applied',
    status: 'False',
    severity: 'error',
    reason: 'Failed',
    message: 'denied',
    gns: 'shop',
    cluster: 'eu-1',
    ...over,
  });

  it('a silent cluster concerns who runs clusters, and who has members there', () => {
    expect(
      noticesOf(view({ clusters: [silent('unreachable')] })),
    ).toMatchObject([
      {
        scope: 'cluster-silent:c1',
        owners: ['group:default/platform', 'group:default/shop'],
        afterMs: limits.silentAfterMs,
      },
    ]);
    expect(noticesOf(view({ clusters: [silent('stale')] }))).toEqual([]);
  });

  it('conditions that are alike are one notice, with the same scope each time', () => {
    const [first] = view().globalNamespaces;
    const of = (conditions: Condition[]) =>
      noticesOf(view({ globalNamespaces: [{ ...first, conditions }] }));
    const many = of([
      condition({ object: 'a' }),
      condition({ object: 'b' }),
      condition({ cluster: 'us-1' }),
      condition({ severity: 'warning' }),
    ]);
    expect(many.map(n => [n.title, n.owners])).toEqual(
      expect.arrayContaining([
        ['shop: Failed in eu-1 (2 times)', ['group:default/shop']],
        ['shop: Failed in us-1', ['group:default/shop']],
      ]),
    );
    expect(many).toHaveLength(2);
    expect(of([condition({ object: 'c' })])[0].scope).toBe(
      many.find(n => n.title.includes('eu-1'))?.scope,
    );
  });

  it('owners are told before a root or an issuer ends, and when nothing can be signed', () => {
    const notices = noticesOf(
      view({
        authorities: [
          {
            gns: 'shop',
            conditions: [
              condition({
                type: 'AuthorityReady',
                reason: 'KeyMissing',
                cluster: undefined,
                message: 'put the key back',
              }),
              condition({
                type: 'RootLife',
                severity: 'warning',
                cluster: undefined,
              }),
              condition({ type: 'IssuerLife', severity: 'warning' }),
              condition({ type: 'IssuerLife', cluster: 'us-1' }),
            ],
          },
        ],
      }),
    );
    expect(
      notices.map(n => [n.scope, n.severity, n.afterMs, n.owners.join()]),
    ).toEqual([
      [
        'authority:shop:AuthorityReady',
        'critical',
        limits.silentAfterMs,
        'group:default/platform,group:default/shop',
      ],
      [
        'authority:shop:IssuerLife:eu-1',
        'high',
        0,
        'group:default/platform,group:default/shop',
      ],
      [
        'authority:shop:IssuerLife:us-1',
        'critical',
        0,
        'group:default/platform,group:default/shop',
      ],
      ['authority:shop:RootLife', 'high', 0, 'group:default/shop'],
    ]);
    expect(notices[0]).toMatchObject({
      title: 'The authority of shop cannot sign',
      description: 'put the key back',
      link: '/gns/shop/identity',
    });
  });

  it('whoever runs the portal is told of an authority without a definition', () => {
    const [notice_] = noticesOf(
      view({
        authorities: [
          { gns: 'gone', conditions: [condition({ type: 'RootLife' })] },
        ],
      }),
    );
    expect(notice_.owners).toEqual(['group:default/platform']);
  });

  it('decisions and stopped rollouts are told of at once', () => {
    const hold = {
      id: 'h1',
      kind: 'newcomer',
      state: 'open',
      gns: 'shop',
      clusterName: 'us-1',
      message: 'm',
    } as HoldRecord;
    const rollout = {
      id: 'r1',
      gns: 'shop',
      state: 'stopped',
      createdBy: 'user:default/jo',
      wave: 0,
      waves: [{}, {}],
      stop: {
        at: '',
        reason: { kind: 'notApplied', clusters: ['eu-1'], seconds: 60 },
      },
    } as unknown as RolloutRecord;
    expect(
      noticesOf(
        view({
          holds: [hold, { ...hold, id: 'h2', state: 'refused' }],
          rollouts: [rollout, { ...rollout, id: 'r2', state: 'running' }],
        }),
      ),
    ).toMatchObject([
      {
        scope: 'hold:h1',
        afterMs: 0,
        owners: ['group:default/platform', 'group:default/shop'],
      },
      {
        scope: 'rollout:r1',
        title: 'The rollout of shop stopped in wave 1 of 2',
        description: 'eu-1 did not apply it within 60 seconds.',
        owners: ['group:default/shop', 'user:default/jo'],
      },
    ]);
  });
});
