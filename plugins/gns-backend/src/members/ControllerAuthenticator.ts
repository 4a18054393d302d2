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
/** A failed attempt is noted at most this often per cluster, milliseconds. */
const NOTE_EVERY = 10_000;

/**
 * Tells which member cluster sends a request, from the key that signed its
 * token and from nothing else.
 */
export class ControllerAuthenticator {
  readonly #knex: Knex;
  readonly #hubId: string;
  readonly #now: () => number;
  readonly #noted = new Map<string, number>();

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
   * @param authorization - value of the Authorization header
   * @throws AuthenticationError for everything but a valid token of a member
   */
  async authenticate(
    authorization: string | undefined,
  ): Promise<ClusterRecord> {
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
      if ((payload.exp ?? Infinity) - (payload.iat ?? 0) > MAX_LIFE) {
        throw new Error('the token lives longer than 5 minutes');
      }
    } catch (error) {
      await this.#noteFailure(cluster.id, whyRefused(error));
      throw new AuthenticationError(
        `Authorization: the token of cluster ${cluster.name} does not verify. Check the controller's clock and key, or enrol it again`,
        error,
      );
    }
    return cluster;
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
