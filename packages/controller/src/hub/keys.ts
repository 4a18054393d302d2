import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { CompactSign, SignJWT, compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import {
  DesiredDelta,
  PublicKey,
  RekeyRequest,
  SignedDigest,
  publicKeySchema,
  signedDigestSchema,
} from '@isthmus/plugin-gns-common';
import { HubCredentials, SigningKey } from './Hub';

/** Life of one request's token, seconds; the hub takes at most 300. */
const TOKEN_LIFE = 120;

export const signingKeySchema = publicKeySchema.extend({
  d: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** A fresh ES256 key; the private half never leaves the cluster. */
export function makeSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y, d } = privateKey.export({ format: 'jwk' });
  return signingKeySchema.parse({ kty, crv, x, y, d });
}

export function publicHalf({ kty, crv, x, y }: SigningKey): PublicKey {
  return { kty, crv, x, y };
}

/** The token of one request; `now` in milliseconds, by the hub's clock. */
export async function signRequest(
  credentials: HubCredentials,
  now: number,
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const key = await importJWK({ ...credentials.key, alg: 'ES256' }, 'ES256');
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: credentials.clusterId })
    .setIssuer(credentials.clusterId)
    .setAudience(credentials.hubId)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + TOKEN_LIFE)
    .setJti(randomUUID())
    .sign(key);
}

/** Asks the hub to take a new key, and proves that we hold it. */
export async function rekeyRequest(
  clusterId: string,
  next: SigningKey,
): Promise<RekeyRequest> {
  const key = await importJWK({ ...next, alg: 'ES256' }, 'ES256');
  const payload = JSON.stringify({ clusterId, purpose: 'rekey' });
  const proof = await new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(key);
  return { publicKey: publicHalf(next), proof };
}

/** What the hub signed for a delta. Throws when the pinned key did not sign it. */
export async function readSignature(
  delta: Pick<DesiredDelta, 'signature'>,
  hubKey: PublicKey,
): Promise<SignedDigest> {
  const key = await importJWK({ ...hubKey, alg: 'ES256' }, 'ES256');
  const { payload } = await compactVerify(delta.signature, key, {
    algorithms: ['ES256'],
  });
  return signedDigestSchema.parse(
    JSON.parse(new TextDecoder().decode(payload)),
  );
}
