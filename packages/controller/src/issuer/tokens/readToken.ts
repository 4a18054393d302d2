import { z } from 'zod';
import { CODE, Refusal } from '../service/codes';

/** Audience of the tokens that sidecars hold for their CA (`values.global.sds.token.aud`). */
export const TOKEN_AUDIENCE = 'istio-ca';

/** Tokens of Kubernetes have about 1.2 KiB. */
const MAX_TOKEN = 8 * 1024;
/** How far clocks may differ, seconds: the API server has the last word. */
const LEEWAY = 60;
const JWT = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;

const claimsSchema = z.looseObject({
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
});

/**
 * The bearer token of a call. It is looked at before the API server is asked,
 * so that rubbish costs nothing there; nothing that it says is believed. Throws
 * {@link Refusal}.
 */
export function readToken(
  authorization: readonly string[],
  now: number,
): string {
  if (authorization.length === 0) {
    throw refusal('There is no authorization header: the pod has no token');
  }
  if (authorization.length > 1) {
    throw refusal('There is more than one authorization header');
  }
  const [scheme, token, ...more] = authorization[0].split(' ');
  if (scheme !== 'Bearer' || !token || more.length > 0) {
    throw refusal('The authorization header is not "Bearer <token>"');
  }
  if (token.length > MAX_TOKEN) {
    throw refusal(`The token is longer than ${MAX_TOKEN} characters`);
  }
  const claims = readClaims(token);
  if (!claims) throw refusal('The token is no token of a service account');
  if (![claims.aud].flat().includes(TOKEN_AUDIENCE)) {
    throw refusal(`The token is not for the audience ${TOKEN_AUDIENCE}`);
  }
  if (claims.exp + LEEWAY < now / 1000) throw refusal('The token has expired');
  return token;
}

function readClaims(token: string): z.infer<typeof claimsSchema> | undefined {
  const payload = JWT.exec(token)?.[1];
  if (!payload) return undefined;
  try {
    const text = Buffer.from(payload, 'base64url').toString('utf8');
    return claimsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // No JSON: no token.
    return undefined;
  }
}

function refusal(message: string): Refusal {
  return new Refusal(CODE.UNAUTHENTICATED, 'Token', message);
}
