import { Client, Metadata, ServiceError, credentials } from '@grpc/grpc-js';
import { CODE, Refusal } from '../service/codes';
import {
  CREATE_CERTIFICATE_PATH,
  WireError,
  readCertificateAnswer,
} from '../service/wire';
import { IstiodCa } from './IstiodCa';

const PORT = 15012;
const DEADLINE = 10_000;

const identity = (bytes: Buffer) => bytes;

export interface GrpcIstiodOptions {
  /** Where istiod runs. */
  istioNamespace: string;
  /** `host:port` of every revision, where their Services cannot be resolved. */
  address?: string;
  /** PEM roots that istiod's own certificate is verified with. */
  roots(): string | undefined;
}

/** istiod over gRPC and TLS, one connection for each revision. */
export class GrpcIstiod implements IstiodCa {
  readonly #options: GrpcIstiodOptions;
  readonly #clients = new Map<string, { roots: string; client: Client }>();

  static create(options: GrpcIstiodOptions): GrpcIstiod {
    return new GrpcIstiod(options);
  }

  private constructor(options: GrpcIstiodOptions) {
    this.#options = options;
  }

  async createCertificate(
    request: Parameters<IstiodCa['createCertificate']>[0],
  ): Promise<string[]> {
    const headers = new Metadata();
    headers.set('authorization', `Bearer ${request.token}`);
    if (request.clusterId) headers.set('clusterid', request.clusterId);
    const client = this.#client(request.revision);
    const answer = await call(client, headers, request.message);
    try {
      return readCertificateAnswer(answer);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw new Refusal(
        CODE.UNAVAILABLE,
        'Istiod',
        `istiod's answer is no certificate answer: ${error.message}`,
      );
    }
  }

  close(): void {
    for (const { client } of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(revision: string): Client {
    const roots = this.#options.roots();
    if (!roots) {
      throw new Refusal(
        CODE.UNAVAILABLE,
        'Istiod',
        'The roots of the mesh are not known yet, so istiod cannot be verified',
      );
    }
    const known = this.#clients.get(revision);
    if (known?.roots === roots) return known.client;
    const service = revision ? `istiod-${revision}` : 'istiod';
    const name = `${service}.${this.#options.istioNamespace}.svc`;
    const client = new Client(
      this.#options.address ?? `${name}:${PORT}`,
      credentials.createSsl(Buffer.from(roots)),
      {
        'grpc.ssl_target_name_override': name,
        'grpc.default_authority': name,
        'grpc.keepalive_time_ms': 30_000,
        'grpc.enable_channelz': 0,
      },
    );
    // Calls that are under way on the old one finish.
    known?.client.close();
    this.#clients.set(revision, { roots, client });
    return client;
  }
}

function call(
  client: Client,
  headers: Metadata,
  message: Buffer,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      CREATE_CERTIFICATE_PATH,
      identity,
      identity,
      message,
      headers,
      { deadline: Date.now() + DEADLINE },
      (error: ServiceError | null, answer?: Buffer) => {
        if (answer && !error) resolve(answer);
        else {
          reject(
            new Refusal(
              error?.code ?? CODE.UNAVAILABLE,
              'Istiod',
              `istiod: ${error?.details ?? 'no answer'}`,
            ),
          );
        }
      },
    );
  });
}
