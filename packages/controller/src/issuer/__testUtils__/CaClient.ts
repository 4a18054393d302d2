import * as grpc from '@grpc/grpc-js';
import {
  CREATE_CERTIFICATE_PATH,
  readCertificateAnswer,
  writeCertificateCall,
} from '../service/wire';

export interface CaRequest {
  csr: string;
  token?: string;
  /** In place of `Bearer <token>`. */
  authorization?: string;
  validitySeconds?: number;
  metadata?: Record<string, string>;
  headers?: Record<string, string>;
  /** In place of the message. */
  message?: Buffer;
}

/** Asks a certificate service as pilot-agent does. */
export class CaClient {
  readonly #client: grpc.Client;

  /** `roots`: PEM; `name`: the name that the server's certificate must have. */
  constructor(
    port: number,
    roots: string,
    name = 'isthmus-controller.isthmus-system.svc',
  ) {
    this.#client = new grpc.Client(
      `127.0.0.1:${port}`,
      grpc.credentials.createSsl(Buffer.from(roots)),
      {
        'grpc.ssl_target_name_override': name,
        'grpc.default_authority': name,
        // Each client its own connection, as pods have.
        'grpc.use_local_subchannel_pool': 1,
      },
    );
  }

  /** The chain. Rejects with `code` and `details`. */
  create(request: CaRequest): Promise<string[]> {
    const headers = new grpc.Metadata();
    const authorization =
      request.authorization ?? (request.token && `Bearer ${request.token}`);
    if (authorization) headers.set('authorization', authorization);
    headers.set('clusterid', 'Kubernetes');
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      headers.set(name, value);
    }
    const message =
      request.message ??
      writeCertificateCall({
        csr: request.csr,
        validitySeconds: request.validitySeconds ?? 3600,
        metadata: { CertSigner: '', ...request.metadata },
      });
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        CREATE_CERTIFICATE_PATH,
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        message,
        headers,
        { deadline: Date.now() + 30_000 },
        (error, answer) =>
          error || !answer
            ? reject(error)
            : resolve(readCertificateAnswer(answer)),
      );
    });
  }

  /** The status code of the answer; 0: a certificate. */
  async code(request: CaRequest): Promise<number> {
    try {
      await this.create(request);
      return 0;
    } catch (error) {
      return (error as grpc.ServiceError).code;
    }
  }

  close(): void {
    this.#client.close();
  }
}
