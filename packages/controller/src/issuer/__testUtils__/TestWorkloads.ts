import { KeyObject, generateKeyPairSync } from 'node:crypto';
import { ApiServer } from '@isthmus/simulator';
import { forgeCsrPem } from './forgeCsr';

/** A pod that runs in a simulated cluster, with its token. */
export interface TestPod {
  namespace: string;
  serviceAccount: string;
  name: string;
  uid: string;
  /** For the audience `istio-ca`, bound to this pod. */
  token: string;
}

/** Starts pods in a simulated cluster, as far as their certificates are concerned. */
export class TestWorkloads {
  readonly key: KeyObject = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  }).privateKey;

  constructor(private readonly server: ApiServer) {}

  async start(
    namespace: string,
    serviceAccount: string,
    options: {
      name?: string;
      annotations?: Record<string, string>;
      spec?: Record<string, unknown>;
      status?: Record<string, unknown>;
      metadata?: Record<string, unknown>;
    } = {},
  ): Promise<TestPod> {
    const { server } = this;
    server.seed({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    if (!server.read('v1', 'ServiceAccount', namespace, serviceAccount)) {
      server.seed({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: serviceAccount, namespace },
      });
    }
    const name = options.name ?? `${serviceAccount}-0`;
    const pod = server.seed({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        annotations: options.annotations,
        ...options.metadata,
      },
      spec: {
        serviceAccountName: serviceAccount,
        nodeName: 'node-1',
        containers: [{ name: 'app', image: 'app' }],
        ...options.spec,
      },
      status: { phase: 'Running', ...options.status },
    });
    const uid = pod.metadata.uid ?? '';
    const token = await this.token(namespace, serviceAccount, {
      pod: { name, uid },
    });
    return { namespace, serviceAccount, name, uid, token };
  }

  /** A token as the API server makes them. */
  async token(
    namespace: string,
    serviceAccount: string,
    options: {
      pod?: { name: string; uid: string };
      audience?: string;
      seconds?: number;
    } = {},
  ): Promise<string> {
    const answer = await fetch(
      `${this.server.url}/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
      {
        method: 'POST',
        headers: {
          authorization: 'Bearer admin',
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {
            audiences: [options.audience ?? 'istio-ca'],
            expirationSeconds: options.seconds ?? 43_200,
            ...(options.pod
              ? {
                  boundObjectRef: {
                    apiVersion: 'v1',
                    kind: 'Pod',
                    ...options.pod,
                  },
                }
              : {}),
          },
        }),
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
    const { status } = (await answer.json()) as { status: { token: string } };
    return status.token;
  }

  /** A request for this identity, as pilot-agent makes it. */
  csr(spiffeId: string): string {
    return forgeCsrPem({ key: this.key, uri: spiffeId });
  }
}
