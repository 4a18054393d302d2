import { createHash, generateKeyPairSync } from 'node:crypto';
import { forgeCsrPem } from '../../packages/controller/src/issuer/__testUtils__/forgeCsr';
import { makeAuthority } from '../../packages/controller/src/issuer/__testUtils__/testIssuer';

/** As many keys as pods that ask: nothing can be gained by remembering one. */
export const PODS = 256;
export const IDENTITY = 'spiffe://cluster.local/ns/shop-web/sa/web';
export const HOUR = 3_600_000;

export const root = makeAuthority({ name: 'shop root R1', pathLength: 2 });
export const issuer = makeAuthority({ name: 'shop east', parent: root });

/** Requests as pilot-agent makes them, each of a P-256 key of its own; PEM. */
export function certificateRequests(): string[] {
  return Array.from({ length: PODS }, () =>
    forgeCsrPem({
      key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      uri: IDENTITY,
    }),
  );
}

/** A token of the size and shape of a pod's; only the API server could tell that nobody signed it. */
export function tokenOf(pod: number): string {
  const encode = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return [
    encode({ alg: 'RS256', kid: 'bench' }),
    encode({
      aud: ['istio-ca'],
      exp: Math.floor(Date.now() / 1000) + 43_200,
      iss: 'https://kubernetes.default.svc',
      'kubernetes.io': {
        namespace: 'shop-web',
        node: { name: 'node-1', uid: createHash('md5').digest('hex') },
        pod: { name: `web-${pod}`, uid: `uid-${pod}` },
        serviceaccount: { name: 'web', uid: createHash('md5').digest('hex') },
      },
      sub: 'system:serviceaccount:shop-web:web',
    }),
    Buffer.alloc(256, pod % 256).toString('base64url'),
  ].join('.');
}
