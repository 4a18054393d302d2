/**
 * The certificate service as the controller serves it, on loopback over TLS.
 * In place of the API server stands one that answers from memory at once:
 * TokenReview and the pod are asked for and checked all the same.
 */
import {
  authoritySettings,
  issuerRecord,
} from '../../packages/controller/src/issuer/__testUtils__/authoritySettings';
import { loadAuthority } from '../../packages/controller/src/issuer/kept/LoadedAuthority';
import { CertificateService } from '../../packages/controller/src/issuer/service/CertificateService';
import { GrpcServer } from '../../packages/controller/src/issuer/service/GrpcServer';
import { RateLimits } from '../../packages/controller/src/issuer/service/RateLimits';
import { ServingCertificate } from '../../packages/controller/src/issuer/service/ServingCertificate';
import {
  makeServingCertificate,
  makeServingRoot,
} from '../../packages/controller/src/issuer/serving/servingKeys';
import { CallerCheck } from '../../packages/controller/src/issuer/tokens/CallerCheck';
import { silentLogger } from '../../packages/controller/src/logging';
import { cpuSeconds, serve } from '../processes/childProcess';
import { HOUR, issuer, root } from './fixture';

export interface ServingBench {
  port: number;
  roots: string;
  name: string;
}

const NAME = 'isthmus-controller.isthmus-system.svc';
const PLENTY = { burst: 1e9, perSecond: 1e9 };
let issued = 0;

function podOf(token: string): string {
  const claims = JSON.parse(
    Buffer.from(token.split('.')[1], 'base64url').toString(),
  );
  return claims['kubernetes.io'].pod.name;
}

async function start(): Promise<ServingBench> {
  const authority = loadAuthority(
    issuerRecord(
      'shop',
      authoritySettings([root], { 'shop-web': 'isolate' }),
      issuer,
    ),
    { version: 1, meshTrustDomain: 'cluster.local', meshRoots: [] },
  );
  const service = CertificateService.create({
    callers: CallerCheck.create({
      now: Date.now,
      kube: {
        reviewToken: async ({ token }) => {
          const pod = podOf(token);
          return {
            authenticated: true,
            audiences: ['istio-ca'],
            user: {
              username: 'system:serviceaccount:shop-web:web',
              groups: [
                'system:serviceaccounts',
                'system:serviceaccounts:shop-web',
              ],
              extra: {
                'authentication.kubernetes.io/pod-name': [pod],
                'authentication.kubernetes.io/pod-uid': [`uid-${pod}`],
              },
            },
          };
        },
        get: async (_resource, { name, namespace }) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace, uid: `uid-${name}` },
          spec: { serviceAccountName: 'web', nodeName: 'node-1' },
          status: { phase: 'Running' },
        }),
      },
    }),
    limits: new RateLimits(
      { cluster: PLENTY, identity: PLENTY, pod: PLENTY },
      { now: Date.now },
    ),
    issuingFor: namespace =>
      namespace === 'shop-web'
        ? { phase: 'isolate', step: 1, authority }
        : undefined,
    istiod: {
      createCertificate: async () => {
        throw new Error('nothing is passed on here');
      },
    },
    clock: { now: Date.now },
    logger: silentLogger,
    onIssued: () => {
      issued += 1;
    },
    onRefused: reason => {
      throw new Error(`refused: ${reason}`);
    },
  });
  const validity = {
    notBefore: Date.now() - HOUR,
    notAfter: Date.now() + 24 * HOUR,
  };
  const servingRoot = makeServingRoot(validity);
  const { certificate, key } = makeServingCertificate(
    servingRoot,
    [NAME],
    validity,
  );
  const serving = new ServingCertificate();
  serving.set(certificate, key);
  const server = await GrpcServer.start({
    listen: '127.0.0.1:0',
    serving,
    service,
    logger: silentLogger,
  });
  return { port: server.port, roots: servingRoot.certificate, name: NAME };
}

serve({ start, cpu: cpuSeconds, issued: () => issued });
