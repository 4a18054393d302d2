import * as grpc from '@grpc/grpc-js';
import { X509Certificate } from 'node:crypto';
import {
  CREATE_CERTIFICATE,
  readTexts,
  writeRequest,
  writeResponse,
} from './certificateCalls';
import { MeshAuthority } from './MeshAuthority';
import { SimulatedCluster } from './SimulatedCluster';
import { SHOP_CLUSTERS } from './shop';

const same = (bytes: Buffer) => bytes;
const CONTROLLER = 'isthmus-controller.isthmus-system.svc';
const ROOT_KEY = 'gns-ca-root.pem';

async function until<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error('not seen in 20 s');
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
  }
}

function ask(
  port: number,
  options: { roots: string; name: string; token: string; message: Buffer },
): Promise<string[]> {
  const client = new grpc.Client(
    `127.0.0.1:${port}`,
    grpc.credentials.createSsl(Buffer.from(options.roots)),
    {
      'grpc.ssl_target_name_override': options.name,
      'grpc.default_authority': options.name,
    },
  );
  const headers = new grpc.Metadata();
  headers.set('authorization', `Bearer ${options.token}`);
  return new Promise<string[]>((resolve, reject) => {
    client.makeUnaryRequest(
      CREATE_CERTIFICATE,
      same,
      same,
      options.message,
      headers,
      (error, answer) =>
        error || !answer ? reject(error) : resolve(readTexts(answer)),
    );
  }).finally(() => client.close());
}

describe('identities of simulated clusters', () => {
  let authority: MeshAuthority;
  let cluster: SimulatedCluster;
  let controller: grpc.Server;
  const requests: { token: string; csr: string }[] = [];

  beforeAll(async () => {
    authority = await MeshAuthority.open(undefined);
    cluster = await SimulatedCluster.start({
      definition: SHOP_CLUSTERS[0],
      authority,
      startupMs: 0,
    });
    // What the controller is to its pods: it keeps what they ask, and signs.
    const { certificate, key } = await authority.serving(CONTROLLER);
    controller = new grpc.Server();
    controller.register(
      CREATE_CERTIFICATE,
      (
        call: grpc.ServerUnaryCall<Buffer, Buffer>,
        answer: grpc.sendUnaryData<Buffer>,
      ) => {
        const [csr] = readTexts(call.request);
        const [bearer] = call.metadata.get('authorization');
        requests.push({ csr, token: String(bearer).replace('Bearer ', '') });
        authority
          .leaf(csr, 'spiffe://cluster.local/ns/x/sa/y', 3600_000)
          .then(leaf => answer(null, writeResponse([leaf])), answer);
      },
      same,
      same,
      'unary',
    );
    await new Promise<void>((resolve, reject) => {
      controller.bindAsync(
        `127.0.0.1:${cluster.issuerPort}`,
        grpc.ServerCredentials.createSsl(null, [
          {
            cert_chain: Buffer.from(certificate),
            private_key: Buffer.from(key),
          },
        ]),
        error => (error ? reject(error) : resolve()),
      );
    });
  }, 60_000);

  afterAll(async () => {
    controller.forceShutdown();
    await cluster.stop();
  });

  it('are signed by istiod for whose token it is, whatever is asked for', async () => {
    const pod = cluster.api.readAll('v1', 'Pod', 'bank-core')[0];
    const token = cluster.api.issueToken('bank-core', 'ledger', {
      audiences: ['istio-ca'],
      pod: { name: pod.metadata.name, uid: pod.metadata.uid! },
    });
    const call = {
      roots: authority.certificate,
      name: 'istiod.istio-system.svc',
      token,
    };
    await expect(
      ask(cluster.istiodPort, { ...call, message: writeRequest('none', 60) }),
    ).rejects.toMatchObject({ code: grpc.status.INVALID_ARGUMENT });
    const other = cluster.api.issueToken('bank-core', 'ledger');
    for (const bad of ['', 'e30.e30.e30', other]) {
      await expect(
        ask(cluster.istiodPort, {
          ...call,
          token: bad,
          message: writeRequest('none', 60),
        }),
      ).rejects.toMatchObject({ code: grpc.status.UNAUTHENTICATED });
    }
  }, 60_000);

  it('of pods that are set up for it come from the controller, for each pod by its own token', async () => {
    const { api } = cluster;
    api.seed({
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'ProxyConfig',
      metadata: { name: 'gns-bank', namespace: 'bank-core' },
      spec: {
        environmentVariables: {
          CA_ADDR: `${CONTROLLER}:15012`,
          CA_ROOT_CA: `/var/run/secrets/istio/${ROOT_KEY}`,
        },
      },
    });
    // Pods take it from their next start on, and trust the controller once its root is there.
    cluster.restartOnePod('bank-core', 'ledger');
    const map = api.read('v1', 'ConfigMap', 'bank-core', 'istio-ca-root-cert')!;
    api.replace({
      ...map,
      data: { ...(map.data as object), [ROOT_KEY]: authority.certificate },
    });
    const { csr, token } = await until(() => requests[0]);
    expect(api.userOf(token, 'istio-ca')).toBe(
      'system:serviceaccount:bank-core:ledger',
    );
    expect(api.userOf(token, 'other')).toBeUndefined();
    const [leaf] = await ask(cluster.istiodPort, {
      roots: authority.certificate,
      name: 'istiod.istio-system.svc',
      token,
      message: writeRequest(csr, 60),
    });
    const certificate = new X509Certificate(leaf);
    expect(certificate.subjectAltName).toBe(
      'URI:spiffe://cluster.local/ns/bank-core/sa/ledger',
    );
    expect(
      certificate.verify(new X509Certificate(authority.certificate).publicKey),
    ).toBe(true);
    // One pod was restarted; the others hold what istiod gave them.
    await new Promise(resolve => {
      setTimeout(resolve, 2_500);
    });
    expect(requests).toHaveLength(1);
  }, 60_000);
});

describe('messages of certificates', () => {
  it.each([[Buffer.from([0x0a, 0x05, 0x61])], [Buffer.from([0x0a])]])(
    'that are cut short are refused',
    message => {
      expect(() => readTexts(message)).toThrow('cut short');
    },
  );

  it('skip what they do not know', () => {
    const message = Buffer.concat([
      Buffer.from([0x22, 0x01, 0x61]),
      writeRequest('x'.repeat(300), 86_400),
    ]);
    expect(readTexts(message)).toEqual(['x'.repeat(300)]);
  });
});
