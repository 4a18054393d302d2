import { KubeError, KubeObject, TokenReviewStatus } from '../../kube/KubeApi';
import { CODE } from '../service/codes';
import { CallerCheck, checkPod, readReview } from './CallerCheck';
import { readToken } from './readToken';
import { Turns } from './Turns';

const NOW = Date.UTC(2026, 10, 25);
const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';

const account = {
  namespace: 'shop-web',
  serviceAccount: 'web',
  pod: 'web-0',
  podUid: 'uid-1',
};
const extra = { [POD_NAME]: ['web-0'], [POD_UID]: ['uid-1'] };
const user = {
  username: 'system:serviceaccount:shop-web:web',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:shop-web'],
  extra,
};
const good: TokenReviewStatus = {
  authenticated: true,
  audiences: ['istio-ca'],
  user,
};
const pod: KubeObject = {
  metadata: { name: 'web-0', namespace: 'shop-web', uid: 'uid-1' },
  spec: { serviceAccountName: 'web', nodeName: 'node-1' },
  status: { phase: 'Running' },
};

const token = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const fine = token({ aud: ['istio-ca'], exp: NOW / 1000 + 600 });

describe('an answer of TokenReview', () => {
  it('names the caller and the pod of its token', () => {
    expect(readReview(good)).toEqual(account);
  });

  it.each<[string, TokenReviewStatus]>([
    ['that says nothing', {}],
    ['that is not authenticated', { ...good, authenticated: false }],
    ['that leaves out whether it is', { ...good, authenticated: undefined }],
    ['with an error beside a yes', { ...good, error: 'expired' }],
    ['without audiences', { ...good, audiences: undefined }],
    ['with no audience', { ...good, audiences: [] }],
    ['for another audience', { ...good, audiences: ['vault'] }],
    ['for an audience like ours', { ...good, audiences: ['istio-ca-2'] }],
    ['without a user', { ...good, user: undefined }],
    ...[
      'system:node:node-1',
      'admin',
      'system:serviceaccount:shop-web',
      'system:serviceaccount:shop-web:',
      'system:serviceaccount::web',
      'system:serviceaccount:shop-web:web:admin',
      'system:serviceaccount:shop-web:web\n',
      'system:serviceaccount:shop-web/ns/bank:web',
      'system:serviceaccount:shop-web:../bank',
      'xsystem:serviceaccount:shop-web:web',
    ].map((username): [string, TokenReviewStatus] => [
      `of ${JSON.stringify(username)}`,
      { ...good, user: { ...user, username } },
    ]),
    ['without the groups', { ...good, user: { ...user, groups: [] } }],
    [
      'with the group of another namespace',
      {
        ...good,
        user: {
          ...user,
          groups: ['system:serviceaccounts', 'system:serviceaccounts:bank'],
        },
      },
    ],
    ['without a pod', { ...good, user: { ...user, extra: {} } }],
    [
      'with a pod without a uid',
      { ...good, user: { ...user, extra: { [POD_NAME]: ['web-0'] } } },
    ],
    [
      'with two pods',
      {
        ...good,
        user: { ...user, extra: { ...extra, [POD_NAME]: ['web-0', 'web-1'] } },
      },
    ],
    [
      'with an empty pod',
      { ...good, user: { ...user, extra: { ...extra, [POD_UID]: [''] } } },
    ],
  ])('%s proves nothing', (_what, status) => {
    expect(() => readReview(status)).toThrow(
      expect.objectContaining({ code: CODE.UNAUTHENTICATED }),
    );
  });
});

describe('the pod of a token', () => {
  it('tells the revision of its istiod', () => {
    const of = (revision: string) =>
      checkPod(
        {
          ...pod,
          metadata: {
            ...pod.metadata,
            annotations: { 'istio.io/rev': revision },
          },
        },
        account,
        NOW,
      );
    expect(checkPod(pod, account, NOW)).toBe('');
    expect(of('default')).toBe('');
    expect(of('canary-1-31')).toBe('canary-1-31');
    // It becomes part of a host name.
    expect(of('evil.example/')).toBe('');
  });

  it('without a named account has the default one', () => {
    const bare = { ...pod, spec: { nodeName: 'node-1' } };
    expect(() => checkPod(bare, account, NOW)).toThrow('service account');
    expect(checkPod(bare, { ...account, serviceAccount: 'default' }, NOW)).toBe(
      '',
    );
  });

  it.each<[string, KubeObject | undefined]>([
    ['is missing', undefined],
    ['is another one', { ...pod, metadata: { ...pod.metadata, uid: 'uid-2' } }],
    ['has no uid', { ...pod, metadata: { name: 'web-0' } }],
    ['has no spec', { ...pod, spec: undefined }],
  ])('that %s proves nothing', (_what, object) => {
    expect(() => checkPod(object, account, NOW)).toThrow(
      expect.objectContaining({ code: CODE.UNAUTHENTICATED }),
    );
  });
});

describe('a token', () => {
  it('is taken from one header', () => {
    expect(readToken([`Bearer ${fine}`], NOW)).toBe(fine);
    expect(() => readToken([`Bearer ${fine}`, `Bearer ${fine}`], NOW)).toThrow(
      'more than one',
    );
  });

  it('may have expired a moment ago: the API server knows better', () => {
    const claims = { aud: 'istio-ca', exp: NOW / 1000 - 30 };
    expect(readToken([`Bearer ${token(claims)}`], NOW)).toBeTruthy();
  });
});

describe('asking the API server', () => {
  const check = (
    over: Partial<Parameters<typeof CallerCheck.create>[0]['kube']>,
  ) =>
    CallerCheck.create({
      kube: {
        reviewToken: async () => good,
        get: async () => pod,
        ...over,
      },
      now: () => NOW,
    });

  it('sends the audience', async () => {
    const reviewToken = jest.fn(async () => good);
    await check({ reviewToken }).identify([`Bearer ${fine}`]);
    expect(reviewToken).toHaveBeenCalledWith({
      token: fine,
      audiences: ['istio-ca'],
    });
  });

  it.each([
    [
      'the review',
      { reviewToken: async () => Promise.reject(new Error('timeout')) },
    ],
    [
      'the review, as nonsense',
      {
        reviewToken: async () =>
          Promise.reject(new KubeError('boom', 500, 'InternalError')),
      },
    ],
    ['the pod', { get: async () => Promise.reject(new Error('reset')) }],
  ])('that fails for %s passes', async (_what, over) => {
    await expect(
      check(over).identify([`Bearer ${fine}`]),
    ).rejects.toMatchObject({ code: CODE.UNAVAILABLE });
  });

  it('is not done for a caller that went away while it waited', async () => {
    const reviewToken = jest.fn(async () => good);
    await expect(
      check({ reviewToken }).identify([`Bearer ${fine}`], {
        isGone: () => true,
      }),
    ).rejects.toMatchObject({ code: CODE.UNAVAILABLE });
    expect(reviewToken).not.toHaveBeenCalled();
  });

  it('is not done for an address whose tokens were refused too often, and for all others', async () => {
    let time = NOW;
    const reviewToken = jest.fn(
      async ({ token: presented }: { token: string }) =>
        presented === fine ? good : { authenticated: false },
    );
    const callers = CallerCheck.create({
      kube: { reviewToken, get: async () => pod },
      now: () => time,
    });
    const bad = token({ aud: ['istio-ca'], exp: NOW / 1000 + 600, jti: 'x' });
    const from = (peer: string | undefined, presented: string) =>
      callers
        .identify([`Bearer ${presented}`], { peer, isGone: () => false })
        .then(
          () => 0,
          error => error.code,
        );
    const codes = await Promise.all(
      Array.from({ length: 2_000 }, () => from('10.0.0.1', bad)),
    );
    expect(new Set(codes)).toEqual(
      new Set([CODE.UNAUTHENTICATED, CODE.RESOURCE_EXHAUSTED]),
    );
    // Those under way when the last one was refused come on top.
    expect(reviewToken.mock.calls.length).toBeLessThan(50 + 13);
    const before = reviewToken.mock.calls.length;
    expect(await from('10.0.0.1', fine)).toBe(CODE.RESOURCE_EXHAUSTED);
    expect(reviewToken).toHaveBeenCalledTimes(before);
    expect(await from('10.0.0.2', fine)).toBe(0);
    expect(await from(undefined, fine)).toBe(0);
    time += 10_000;
    expect(await from('10.0.0.1', fine)).toBe(0);
  });

  it('costs an address nothing whose tokens are good', async () => {
    const callers = check({});
    const all = await Promise.all(
      Array.from({ length: 2_000 }, () =>
        callers.identify([`Bearer ${fine}`], {
          peer: '10.0.0.1',
          isGone: () => false,
        }),
      ),
    );
    expect(all).toHaveLength(2_000);
  });

  it('is done for a dozen callers at once, and the rest wait in order', async () => {
    const turns = new Turns(2, 3);
    const order: number[] = [];
    const finish: Array<() => void> = [];
    const all = Array.from({ length: 5 }, (_, i) =>
      turns.run(async () => {
        order.push(i);
        await new Promise<void>(resolve => finish.push(resolve));
      }),
    );
    expect(order).toEqual([0, 1]);
    expect(turns.isFull).toBe(true);
    for (let i = 0; i < 5; i += 1) {
      finish.shift()!();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(turns.isFull).toBe(false);
  });
});
