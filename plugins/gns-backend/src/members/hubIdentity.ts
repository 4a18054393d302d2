import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import {
  compactVerify,
  CompactSign,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type KeyLike,
} from 'jose';
import {
  publicKeySchema,
  signedDigestSchema,
  type PublicKey,
  type SignedDigest,
} from '@isthmus/plugin-gns-common';

/** Who this hub is, for as long as its database lives; the same on every replica. */
export interface HubIdentity {
  readonly hubId: string;
  /** Pinned by every controller that enrols. */
  readonly publicKey: PublicKey;
  /** Compact JWS (ES256) over a digest. */
  sign(payload: SignedDigest): Promise<string>;
  /** What this hub once signed; undefined when it did not. */
  verify(signature: string): Promise<SignedDigest | undefined>;
}

async function newKey(): Promise<JWK> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  return exportJWK(pair.privateKey);
}

/**
 * Loads the hub's identity, and creates it once: when several replicas start
 * together the first insert wins and all of them read that one.
 */
export async function loadHubIdentity(knex: Knex): Promise<HubIdentity> {
  let row = await knex('gns_hub').where({ id: 1 }).first();
  if (!row) {
    await knex('gns_hub')
      .insert({
        id: 1,
        hub_id: randomUUID(),
        signing_key: JSON.stringify(await newKey()),
      })
      .onConflict('id')
      .ignore();
    row = await knex('gns_hub').where({ id: 1 }).first();
  }
  const jwk: JWK = JSON.parse(row.signing_key);
  const { kty, crv, x, y } = jwk;
  const publicKey = publicKeySchema.parse({ kty, crv, x, y });
  const key = (await importJWK({ ...jwk, alg: 'ES256' }, 'ES256')) as KeyLike;
  const hubId: string = row.hub_id;
  return {
    hubId,
    publicKey,
    sign: payload =>
      new CompactSign(
        new TextEncoder().encode(
          JSON.stringify(signedDigestSchema.parse(payload)),
        ),
      )
        .setProtectedHeader({ alg: 'ES256', kid: hubId })
        .sign(key),
    verify: signature => readOwnSignature(signature, publicKey),
  };
}

async function readOwnSignature(
  signature: string,
  publicKey: PublicKey,
): Promise<SignedDigest | undefined> {
  try {
    const { payload } = await compactVerify(
      signature,
      await importJWK(publicKey, 'ES256'),
      { algorithms: ['ES256'] },
    );
    const text = new TextDecoder().decode(payload);
    return signedDigestSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
