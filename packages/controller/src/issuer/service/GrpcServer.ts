import {
  Server,
  ServerUnaryCall,
  experimental,
  sendUnaryData,
} from '@grpc/grpc-js';
import { InputError } from '@backstage/errors';
import { Logger, messageOf } from '../../logging';
import { CertificateService } from './CertificateService';
import { CODE, Refusal } from './codes';
import { ServingCertificate } from './ServingCertificate';
import { CREATE_CERTIFICATE_PATH } from './wire';

/** Largest request that is read, bytes. */
export const MAX_REQUEST = 16 * 1024;
/**
 * Every pilot-agent dials, asks once and would keep its connection until the
 * next half life: 20,000 of them would not fit. gRPC clients dial again by themselves.
 */
const IDLE = 20_000;
/** Connections are spread over the replicas anew after this. */
const MAX_AGE = 15 * 60_000;
/** Time for calls under way when a connection or the server ends. */
const GRACE = 10_000;

const identity = (bytes: Buffer) => bytes;

export interface GrpcServerOptions {
  /** `host:port`; port 0 takes a free one. */
  listen: string;
  serving: ServingCertificate;
  service: Pick<CertificateService, 'answer'>;
  logger: Logger;
  /** One call was answered: its code, and how long it took, milliseconds. */
  onAnswer?(code: number, took: number): void;
}

/** Serves the certificate service over gRPC and TLS. */
export class GrpcServer {
  /** Listens when it resolves. Throws InputError for an address that is none, or taken. */
  static async start(options: GrpcServerOptions): Promise<GrpcServer> {
    const server = new Server({
      'grpc.max_receive_message_length': MAX_REQUEST,
      'grpc.max_concurrent_streams': 100,
      'grpc.max_connection_idle_ms': IDLE,
      'grpc.max_connection_age_ms': MAX_AGE,
      'grpc.max_connection_age_grace_ms': GRACE,
      'grpc.enable_channelz': 0,
    });
    server.addService(
      {
        CreateCertificate: {
          path: CREATE_CERTIFICATE_PATH,
          requestStream: false,
          responseStream: false,
          // The service reads and writes the messages itself, to refuse with a reason.
          requestSerialize: identity,
          requestDeserialize: identity,
          responseSerialize: identity,
          responseDeserialize: identity,
        },
      },
      {
        CreateCertificate: (
          call: ServerUnaryCall<Buffer, Buffer>,
          done: sendUnaryData<Buffer>,
        ) => handle(call, done, options),
      },
    );
    const credentials = experimental.createCertificateProviderServerCredentials(
      // The names of these two are swapped in its declaration; a test holds the order.
      options.serving,
      null,
      false,
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(options.listen, credentials, (error, bound) =>
        error
          ? reject(
              new InputError(
                `The certificate service cannot listen on "${options.listen}"`,
                error,
              ),
            )
          : resolve(bound),
      );
    });
    return new GrpcServer(server, port);
  }

  private constructor(private readonly server: Server, readonly port: number) {}

  /** Takes no new calls, finishes those under way. */
  async stop(): Promise<void> {
    const force = setTimeout(() => this.server.forceShutdown(), GRACE);
    await new Promise<void>(resolve => {
      this.server.tryShutdown(() => resolve());
    });
    clearTimeout(force);
  }
}

function handle(
  call: ServerUnaryCall<Buffer, Buffer>,
  done: sendUnaryData<Buffer>,
  options: GrpcServerOptions,
): void {
  const start = performance.now();
  const finish = (code: number) =>
    options.onAnswer?.(code, performance.now() - start);
  const [clusterId] = textValues(call, 'clusterid');
  options.service
    .answer({
      message: call.request,
      authorization: textValues(call, 'authorization'),
      clusterId,
      peer: addressOf(call.getPeer()),
      isGone: () => call.cancelled,
    })
    .then(
      answer => {
        finish(0);
        done(null, answer);
      },
      error => {
        const refusal =
          error instanceof Refusal
            ? error
            : new Refusal(CODE.INTERNAL, 'Internal', messageOf(error));
        finish(refusal.code);
        done({ code: refusal.code, details: refusal.message });
      },
    );
}

/** Of `1.2.3.4:5` or `[::1]:5`; undefined for what is neither. */
function addressOf(peer: string): string | undefined {
  return /^\[?([0-9a-fA-F.:]+)\]?:\d+$/.exec(peer)?.[1];
}

function textValues(
  call: ServerUnaryCall<Buffer, Buffer>,
  name: string,
): string[] {
  return call.metadata.get(name).map(value => value.toString());
}
