import { z } from 'zod';
import { messageOf } from '../../logging';
import { KubeApi, KubeObject, TokenReviewStatus } from '../../kube/KubeApi';
import { READ_RESOURCES } from '../../kube/resources';
import { CODE, Refusal } from '../service/codes';
import { RateLimit, type Rate } from '../service/RateLimits';
import { TOKEN_AUDIENCE, readToken } from './readToken';
import { Turns } from './Turns';

/** Who asks: a running pod with its service account, as the API server told. */
export interface Caller {
  namespace: string;
  serviceAccount: string;
  pod: string;
  podUid: string;
  /** Revision of the istiod that made its proxy; '' for the default one. */
  revision: string;
  /** The token that proved it. */
  token: string;
}

const ACCOUNT =
  /^system:serviceaccount:([a-z0-9]([-a-z0-9]*[a-z0-9])?):([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/;
const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';
const REVISION = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Calls of the API server that are under way at once. The rest of its 16
 * connections stay free for the controller itself: a burst of pods must not cost it the lease.
 */
const CONCURRENCY = 12;
/** Callers that may wait for their turn: more would wait too long to be served. */
const MAX_WAITING = 5_000;

/**
 * Tokens that one address may present and that the API server refuses. A pod
 * has one token; an address that goes on with bad ones shall not have the API
 * server work for it.
 */
const REFUSED_RATE: Rate = { burst: 50, perSecond: 0.5 };

export interface CallerCheckOptions {
  kube: Pick<KubeApi, 'reviewToken' | 'get'>;
  now(): number;
}

/** Where a request comes from. */
export interface Origin {
  /** Address without port; absent: not known, so not limited. */
  peer?: string;
  /** Whether nobody waits for the answer any more. */
  isGone(): boolean;
}

/**
 * Finds out who a caller is, by the local API server alone: TokenReview with
 * the audience sent and found in the answer, then the pod that the token is
 * bound to, which must be the very same and alive. Nothing is remembered: a
 * pod that is gone gets nothing from that moment on.
 */
export class CallerCheck {
  readonly #options: CallerCheckOptions;
  readonly #turns = new Turns(CONCURRENCY, MAX_WAITING);
  /** By address. */
  readonly #refused: RateLimit;

  static create(options: CallerCheckOptions): CallerCheck {
    return new CallerCheck(options);
  }

  private constructor(options: CallerCheckOptions) {
    this.#options = options;
    this.#refused = new RateLimit(REFUSED_RATE, options);
  }

  /** Throws {@link Refusal}. */
  async identify(
    authorization: readonly string[],
    { peer, isGone }: Origin = { isGone: () => false },
  ): Promise<Caller> {
    this.#refuseSpent(peer);
    const token = readToken(authorization, this.#options.now());
    if (this.#turns.isFull) {
      throw new Refusal(
        CODE.RESOURCE_EXHAUSTED,
        'Overloaded',
        'Too many callers wait for the API server; try again',
      );
    }
    return this.#turns.run(() => {
      if (isGone()) {
        throw new Refusal(
          CODE.UNAVAILABLE,
          'Overloaded',
          'The caller went away while it waited',
        );
      }
      // It may have been refused often enough while this one waited.
      this.#refuseSpent(peer);
      return this.#ask(token).catch(error => {
        if (
          peer !== undefined &&
          error instanceof Refusal &&
          error.code === CODE.UNAUTHENTICATED
        ) {
          this.#refused.take(peer);
        }
        throw error;
      });
    });
  }

  #refuseSpent(peer: string | undefined): void {
    if (peer === undefined || !this.#refused.isSpent(peer)) return;
    throw new Refusal(
      CODE.RESOURCE_EXHAUSTED,
      'RateLimited',
      'Too many tokens from this address were refused; try again later',
    );
  }

  async #ask(token: string): Promise<Caller> {
    const { kube } = this.#options;
    const status = await passing('TokenReview', () =>
      kube.reviewToken({ token, audiences: [TOKEN_AUDIENCE] }),
    );
    const account = readReview(status);
    const pod = await passing('reading the pod', () =>
      kube.get(READ_RESOURCES.pods, {
        name: account.pod,
        namespace: account.namespace,
      }),
    );
    const revision = checkPod(pod, account, this.#options.now());
    return { ...account, revision, token };
  }
}

/** A fault of the API server passes: the caller shall try again. */
async function passing<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new Refusal(
      CODE.UNAVAILABLE,
      'TokenReviewFailed',
      `The API server could not be asked (${what}): ${messageOf(error)}`,
    );
  }
}

/** What a TokenReview says of its token. Throws {@link Refusal}. */
export function readReview(
  status: TokenReviewStatus,
): Pick<Caller, 'namespace' | 'serviceAccount' | 'pod' | 'podUid'> {
  const refuse = (message: string) =>
    new Refusal(CODE.UNAUTHENTICATED, 'Token', message);
  if (status.error || status.authenticated !== true) {
    throw refuse(
      `The API server does not accept the token: ${
        status.error || 'it is not authenticated'
      }`.slice(0, 500),
    );
  }
  // Without a list it is a token for the API server itself (TokenReview, `status.audiences`).
  if (!status.audiences?.includes(TOKEN_AUDIENCE)) {
    throw refuse(`The token is not for the audience ${TOKEN_AUDIENCE}`);
  }
  const [, namespace, , serviceAccount] =
    ACCOUNT.exec(status.user?.username ?? '') ?? [];
  const groups = status.user?.groups ?? [];
  if (
    !namespace ||
    !serviceAccount ||
    !groups.includes('system:serviceaccounts') ||
    !groups.includes(`system:serviceaccounts:${namespace}`)
  ) {
    throw refuse('The token is not one of a service account');
  }
  const { [POD_NAME]: names = [], [POD_UID]: uids = [] } =
    status.user?.extra ?? {};
  if (names.length !== 1 || uids.length !== 1 || !names[0] || !uids[0]) {
    throw refuse('The token is not bound to a pod');
  }
  return { namespace, serviceAccount, pod: names[0], podUid: uids[0] };
}

const podShape = z.looseObject({
  metadata: z.looseObject({ deletionTimestamp: z.string().nullish() }),
  spec: z.looseObject({
    serviceAccountName: z.string().nullish(),
    nodeName: z.string().nullish(),
  }),
  status: z.looseObject({ phase: z.string().nullish() }).nullish(),
});

/** The revision of a pod that is the caller and lives. Throws {@link Refusal}. */
export function checkPod(
  object: KubeObject | undefined,
  account: Pick<Caller, 'namespace' | 'serviceAccount' | 'pod' | 'podUid'>,
  now: number,
): string {
  const name = `${account.namespace}/${account.pod}`;
  const refuse = (why: string) =>
    new Refusal(CODE.UNAUTHENTICATED, 'Pod', `Pod ${name} ${why}`);
  if (!object) throw refuse('does not exist');
  if (object.metadata.uid !== account.podUid) {
    throw refuse('is not the one that the token was made for');
  }
  const parsed = podShape.safeParse(object);
  if (!parsed.success) throw refuse('cannot be read');
  const { metadata, spec, status } = parsed.data;
  if ((spec.serviceAccountName || 'default') !== account.serviceAccount) {
    throw refuse('has another service account');
  }
  if (!spec.nodeName) throw refuse('runs on no node');
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') {
    throw refuse('has finished');
  }
  // The time at which its grace period ends: until then it drains and needs its identity.
  const end = metadata.deletionTimestamp;
  if (end && !(Date.parse(end) > now)) throw refuse('was deleted');
  const revision = object.metadata.annotations?.['istio.io/rev'] ?? '';
  return revision === 'default' || !REVISION.test(revision) ? '' : revision;
}
