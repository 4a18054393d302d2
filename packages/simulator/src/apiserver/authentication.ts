import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** Who sends a request. */
export interface UserInfo {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** The audience of tokens for the API server itself. */
export const API_AUDIENCE = 'https://kubernetes.default.svc';

/** The group that every authenticated user is in. */
const AUTHENTICATED = 'system:authenticated';

/** What a service-account token says. */
export interface ServiceAccountClaims {
  namespace: string;
  name: string;
  /** uid of the ServiceAccount object. */
  uid: string;
  audiences: readonly string[];
  /** Seconds since 1970. */
  expires: number;
  pod?: { name: string; uid: string };
}

interface TokenPayload {
  aud: string[];
  exp: number;
  iat: number;
  iss: string;
  jti: string;
  sub: string;
  'kubernetes.io': {
    namespace: string;
    serviceaccount: { name: string; uid: string };
    pod?: { name: string; uid: string };
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The result of checking a token. */
export type TokenCheck =
  | { ok: true; user: UserInfo; audiences: string[] }
  | { ok: false; error: string };

/**
 * Bearer tokens of one server: fixed ones, and service-account tokens that it
 * signs itself (HS256; nobody but the server verifies them).
 */
export class TokenAuthenticator {
  readonly #fixed = new Map<string, UserInfo>();

  /**
   * @param key - signs service-account tokens; keep it over restarts
   * @param serviceAccountUid - uid of a stored ServiceAccount, if it exists
   */
  constructor(
    private readonly key: Buffer,
    private readonly serviceAccountUid: (
      namespace: string,
      name: string,
    ) => string | undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** Lets a fixed token in as a user. */
  addToken(token: string, user: UserInfo) {
    this.#fixed.set(token, user);
  }

  /** Signs a token for a service account, as the TokenRequest API does. */
  issue(claims: ServiceAccountClaims): string {
    const payload: TokenPayload = {
      aud: [...claims.audiences],
      exp: claims.expires,
      iat: Math.floor(this.now() / 1000),
      iss: API_AUDIENCE,
      jti: randomUUID(),
      sub: `system:serviceaccount:${claims.namespace}:${claims.name}`,
      'kubernetes.io': {
        namespace: claims.namespace,
        serviceaccount: { name: claims.name, uid: claims.uid },
        ...(claims.pod ? { pod: claims.pod } : {}),
      },
    };
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
    return `${body}.${this.#sign(body)}`;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }

  /** Checks a token against the audiences that the caller accepts. */
  check(token: string, wanted: readonly string[] = [API_AUDIENCE]): TokenCheck {
    const fixed = this.#fixed.get(token);
    if (fixed) {
      if (!wanted.includes(API_AUDIENCE)) {
        return { ok: false, error: 'token audiences do not match' };
      }
      return {
        ok: true,
        user: { ...fixed, groups: [...fixed.groups, AUTHENTICATED] },
        audiences: [API_AUDIENCE],
      };
    }
    return this.#checkServiceAccount(token, wanted);
  }

  #checkServiceAccount(token: string, wanted: readonly string[]): TokenCheck {
    const [head, body, signature] = token.split('.');
    const expected = Buffer.from(this.#sign(`${head}.${body}`));
    const given = Buffer.from(signature ?? '');
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      return { ok: false, error: 'invalid bearer token' };
    }
    const claims: TokenPayload = JSON.parse(
      Buffer.from(body, 'base64url').toString('utf8'),
    );
    if (claims.exp * 1000 <= this.now()) {
      return {
        ok: false,
        error: '[invalid bearer token, service account token has expired]',
      };
    }
    const audiences = claims.aud.filter(aud => wanted.includes(aud));
    if (audiences.length === 0) {
      return {
        ok: false,
        error: `[invalid bearer token, token audiences ${JSON.stringify(
          claims.aud,
        )} is invalid for the target audiences ${JSON.stringify(wanted)}]`,
      };
    }
    const { namespace, serviceaccount, pod } = claims['kubernetes.io'];
    if (
      this.serviceAccountUid(namespace, serviceaccount.name) !==
      serviceaccount.uid
    ) {
      return {
        ok: false,
        error:
          '[invalid bearer token, service account token has been invalidated]',
      };
    }
    return {
      ok: true,
      audiences,
      user: {
        username: claims.sub,
        uid: serviceaccount.uid,
        groups: [
          'system:serviceaccounts',
          `system:serviceaccounts:${namespace}`,
          AUTHENTICATED,
        ],
        extra: {
          'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
          ...(pod
            ? {
                'authentication.kubernetes.io/pod-name': [pod.name],
                'authentication.kubernetes.io/pod-uid': [pod.uid],
              }
            : {}),
        },
      },
    };
  }
}
