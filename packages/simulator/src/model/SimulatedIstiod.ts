import * as grpc from '@grpc/grpc-js';
import type { ApiServer } from '../apiserver/server';
import {
  CREATE_CERTIFICATE,
  readTexts,
  writeResponse,
} from './certificateCalls';
import type { MeshAuthority } from './MeshAuthority';
import { ISTIO_NAMESPACE } from './meshObjects';

const AUDIENCE = 'istio-ca';
/** A day in real meshes; who watches a namespace join another authority shall not wait for half of one. */
const LEAF_MS = 120_000;
const same = (bytes: Buffer) => bytes;

class Unauthenticated extends Error {}

/** The certificate service of a simulated cluster's istiod: who has a token of a service account gets its identity. */
export class SimulatedIstiod {
  static async start(options: {
    api: ApiServer;
    authority: MeshAuthority;
    port: number;
  }): Promise<SimulatedIstiod> {
    const { api, authority, port } = options;
    const { certificate, key } = await authority.serving(
      `istiod.${ISTIO_NAMESPACE}.svc`,
    );
    const server = new grpc.Server();
    server.register(
      CREATE_CERTIFICATE,
      (
        call: grpc.ServerUnaryCall<Buffer, Buffer>,
        answer: grpc.sendUnaryData<Buffer>,
      ) => {
        issue(api, authority, call.metadata, call.request).then(
          chain => answer(null, writeResponse(chain)),
          (error: Error) =>
            answer({
              code:
                error instanceof Unauthenticated
                  ? grpc.status.UNAUTHENTICATED
                  : grpc.status.INVALID_ARGUMENT,
              details: error.message,
            }),
        );
      },
      same,
      same,
      'unary',
    );
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(
        `127.0.0.1:${port}`,
        grpc.ServerCredentials.createSsl(null, [
          {
            cert_chain: Buffer.from(certificate),
            private_key: Buffer.from(key),
          },
        ]),
        (error, taken) => (error ? reject(error) : resolve(taken)),
      );
    });
    return new SimulatedIstiod(server, bound);
  }

  private constructor(
    private readonly server: grpc.Server,
    readonly port: number,
  ) {}

  stop(): void {
    this.server.forceShutdown();
  }
}

async function issue(
  api: ApiServer,
  authority: MeshAuthority,
  metadata: grpc.Metadata,
  message: Buffer,
): Promise<string[]> {
  const [header] = metadata.get('authorization');
  const token = /^Bearer (.+)$/.exec(String(header ?? ''))?.[1] ?? '';
  const user = api.userOf(token, AUDIENCE);
  const [, namespace, account] =
    /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user ?? '') ?? [];
  if (!account) throw new Unauthenticated('the token is not good here');
  const [csr = ''] = readTexts(message);
  const leaf = await authority.leaf(
    csr,
    `spiffe://cluster.local/ns/${namespace}/sa/${account}`,
    LEAF_MS,
  );
  return [leaf, authority.certificate];
}
