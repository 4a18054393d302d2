import { createHash } from 'node:crypto';
import { AuthenticationError } from '@backstage/errors';
import type { Knex } from 'knex';
import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import {
  CLUSTER_COLUMNS,
  readClusterRow,
  type ClusterRecord,
  type ClusterRow,
} from './clusterRows';

/** Longest life of a controller's token, seconds. */
const MAX_LIFE = 5 * 60;
/** Clocks may differ by this, seconds. */
const MAX_SKEW = 5 * 60;
/** Longest id of a token. */
const MAX_ID = 128;
/** Ids of expired tokens are forgotten at most this often, milliseconds. */
const FORGET_EVERY = 60_000;
/** A failed attempt is noted at most this often per cluster, milliseconds. */
const NOTE_EVERY = 10_000;

/** A token that verified. */
export interface VerifiedToken {
  /** Whose key signed it. */
  readonly cluster: ClusterRecord;
  /** Unlike all others of the cluster. */
  readonly id: string;
  /** When it is refused as expired, milliseconds. */
  readonly until: number;
}

/**
 * Tells which member cluster sends a request, from the key that signed its
 * token and from nothing else. Each token counts for one request.
 */
export class ControllerAuthenticator {
  readonly #knex: Knex;
  readonly #hubId: string;
  readonly #now: () => number;
  readonly #noted = new Map<string, number>();
  #forgotAt = -Infinity;

  static create(options: { knex: Knex; hubId: string; now: () => number }) {
    return new ControllerAuthenticator(options);
  }

  private constructor(options: {
    knex: Knex;
    hubId: string;
    now: () => number;
  }) {
    this.#knex = options.knex;
    this.#hubId = options.hubId;
    this.#now = options.now;
  }

  /**
   * Verifies a token; {@link use} must follow before it lets anything happen.
   *
   * @param authorization - value of the Authorization header
   * @throws AuthenticationError for everything but a valid token of a member
   */
  async authenticate(
    authorization: string | undefined,
  ): Promise<VerifiedToken> {
    const token = /^Bearer ([\w.-]{1,4000})$/.exec(authorization ?? '')?.[1];
    if (!token) {
      throw new AuthenticationError(
        'Authorization: a bearer token signed by the controller is required',
      );
    }
    let kid: unknown;
    try {
      const header = decodeProtectedHeader(token);
      if (header.alg !== 'ES256') throw new Error(`alg ${header.alg}`);
      kid = header.kid;
    } catch (error) {
      throw new AuthenticationError(
        'Authorization: the token is not signed with ES256',
        error,
      );
    }
    const row: ClusterRow | undefined =
      typeof kid === 'string' && kid.length <= 128
        ? await this.#knex('gns_clusters')
            .where({ id: kid })
            .first([...CLUSTER_COLUMNS])
        : undefined;
    const cluster = row && readClusterRow(row);
    if (!cluster?.publicKey) {
      throw new AuthenticationError(
        'Authorization: the cluster is not a member of this hub. Enrol it with a join token',
      );
    }
    try {
      const key = await importJWK(
        { ...cluster.publicKey, alg: 'ES256' },
        'ES256',
      );
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['ES256'],
        issuer: cluster.id,
        audience: this.#hubId,
        requiredClaims: ['iat', 'exp', 'jti'],
        clockTolerance: MAX_SKEW,
        maxTokenAge: MAX_LIFE,
        currentDate: new Date(this.#now()),
      });
      const { iat = 0, exp = Infinity, jti } = payload;
      if (exp - iat > MAX_LIFE) {
        throw new Error('the token lives longer than 5 minutes');
      }
      if (typeof jti !== 'string' || !jti || jti.length > MAX_ID) {
        throw new Error(`jti is no text of 1 to ${MAX_ID} characters`);
      }
      return { cluster, id: jti, until: (exp + MAX_SKEW + 1) * 1000 };
    } catch (error) {
      await this.#noteFailure(cluster.id, whyRefused(error));
      throw new AuthenticationError(
        `Authorization: the token of cluster ${cluster.name} does not verify. Check the controller's clock and key, or enrol it again`,
        error,
      );
    }
  }

  /**
   * Takes a verified token for one request; the database remembers it for all
   * replicas until it expires.
   *
   * @throws AuthenticationError when it was used before
   */
  async use({ cluster, id, until }: VerifiedToken): Promise<void> {
    await this.#forgetExpired();
    const taken = await this.#knex('gns_token_ids')
      // Hashed: PostgreSQL takes no null character, and a jti may have one.
      .insert({
        cluster_id: cluster.id,
        token_id: createHash('sha256').update(id).digest('base64url'),
        until,
      })
      .onConflict(['cluster_id', 'token_id'])
      .ignore()
      .returning('token_id');
    if (taken.length === 0) {
      throw new AuthenticationError(
        `Authorization: the token of cluster ${cluster.name} was used before. Sign one for each request, with a jti of its own`,
      );
    }
  }

  async #forgetExpired(): Promise<void> {
    const now = this.#now();
    if (now - this.#forgotAt < FORGET_EVERY) return;
    this.#forgotAt = now;
    await this.#knex('gns_token_ids').where('until', '<', now).delete();
  }

  async #noteFailure(clusterId: string, why: 'clock' | 'key'): Promise<void> {
    const now = this.#now();
    if (now - (this.#noted.get(clusterId) ?? 0) < NOTE_EVERY) return;
    this.#noted.set(clusterId, now);
    await this.#knex('gns_clusters')
      .where({ id: clusterId })
      .update({
        last_unauthorized_at: new Date(now).toISOString(),
        last_unauthorized_why: why,
      });
  }
}

/** The signature is checked first: whatever fails after it was signed by the right key. */
function whyRefused(error: unknown): 'clock' | 'key' {
  return error instanceof errors.JWTExpired ||
    (error instanceof errors.JWTClaimValidationFailed &&
      ['iat', 'exp', 'nbf'].includes(error.claim))
    ? 'clock'
    : 'key';
}
