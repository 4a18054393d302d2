import { createHash, randomBytes } from 'node:crypto';
import { AuthenticationError } from '@backstage/errors';
import type { Knex } from 'knex';

/** Only this is stored: a copy of the database enrols nobody. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Mints a join token for a cluster and ends those before it.
 * @returns the token, to be shown once: 32 random bytes, base64url.
 */
export async function mintJoinToken(
  trx: Knex,
  options: { clusterId: string; now: number; ttlMs: number },
): Promise<{ token: string; expiresAt: string }> {
  const token = `gns_${randomBytes(32).toString('base64url')}`;
  const now = new Date(options.now).toISOString();
  const expiresAt = new Date(options.now + options.ttlMs).toISOString();
  await trx('gns_join_tokens')
    .where({ cluster_id: options.clusterId })
    .whereNull('used_at')
    .whereNull('replaced_at')
    .update({ replaced_at: now });
  await trx('gns_join_tokens').insert({
    token_hash: hashOfToken(token),
    cluster_id: options.clusterId,
    created_at: now,
    expires_at: expiresAt,
  });
  return { token, expiresAt };
}

const REMEDY = 'Mint a new one with POST clusters/{name}/token';

/**
 * Uses a token up, in the caller's transaction: exactly one of several racers
 * changes the row.
 * @returns the id of the cluster that it was minted for
 * @throws AuthenticationError when it is unknown, used, replaced or expired
 */
export async function redeemJoinToken(
  trx: Knex,
  token: string,
  now: number,
): Promise<string> {
  const hash = hashOfToken(token);
  const at = new Date(now).toISOString();
  const changed = await trx('gns_join_tokens')
    .where({ token_hash: hash })
    .whereNull('used_at')
    .whereNull('replaced_at')
    .andWhere('expires_at', '>', at)
    .update({ used_at: at });
  const row = await trx('gns_join_tokens').where({ token_hash: hash }).first();
  if (changed === 1) return row.cluster_id;
  if (!row) {
    throw new AuthenticationError(
      `The join token is not known to this hub: check the hub's address, and that the token was pasted whole. ${REMEDY}`,
    );
  }
  if (row.used_at) {
    throw new AuthenticationError(
      `The join token has been used already, at ${row.used_at}: a token works once. ${REMEDY}`,
    );
  }
  if (row.replaced_at) {
    throw new AuthenticationError(
      `The join token was replaced by a newer one at ${row.replaced_at}. Use the newer one`,
    );
  }
  throw new AuthenticationError(
    `The join token ran out at ${row.expires_at}. ${REMEDY}`,
  );
}
