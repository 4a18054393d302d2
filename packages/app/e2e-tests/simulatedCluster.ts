import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

interface Kubeconfig {
  clusters: {
    cluster: { server: string; 'certificate-authority-data': string };
  }[];
  users: { user: { token: string } }[];
}

/**
 * A simulated cluster of the running demo, with the rights of its admin: what
 * a delivery pipeline has in a real one.
 */
export class SimulatedCluster {
  readonly #server: string;
  readonly #ca: Buffer;
  readonly #token: string;

  constructor(name: string) {
    const state = process.env.ISTHMUS_DEMO_STATE;
    if (!state) throw new Error('ISTHMUS_DEMO_STATE names no folder');
    const config: Kubeconfig = JSON.parse(
      readFileSync(
        join(state, 'clusters', name, 'kubeconfig-admin.json'),
        'utf8',
      ),
    );
    const [{ cluster }] = config.clusters;
    this.#server = cluster.server;
    this.#ca = Buffer.from(cluster['certificate-authority-data'], 'base64');
    this.#token = config.users[0].user.token;
  }

  /** Sends one request; answers the parsed body. @throws Error with the server's message */
  async send<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#server}${path}`,
        {
          method,
          ca: this.#ca,
          headers: {
            authorization: `Bearer ${this.#token}`,
            ...(body ? { 'content-type': contentType } : {}),
          },
        },
        response => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', chunk => {
            text += chunk;
          });
          response.on('end', () => {
            if ((response.statusCode ?? 500) >= 300) {
              reject(new Error(`${method} ${path}: ${text}`));
            } else resolve(JSON.parse(text));
          });
        },
      );
      sent.on('error', reject);
      sent.end(body ? JSON.stringify(body) : undefined);
    });
  }

  /** Brings a service with two pods into a namespace, as the template's manifest says. */
  async deploy(namespace: string, name: string): Promise<void> {
    const metadata = { name, namespace };
    await this.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
    });
    await this.send('POST', `/api/v1/namespaces/${namespace}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, labels: { app: name } },
      spec: {
        selector: { app: name },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      },
    });
    await this.send(
      'POST',
      `/apis/apps/v1/namespaces/${namespace}/deployments`,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: {
              serviceAccountName: name,
              containers: [
                {
                  name: 'app',
                  image: 'registry.k8s.io/echoserver:1.10',
                  ports: [{ name: 'http', containerPort: 8080 }],
                },
              ],
            },
          },
        },
      },
    );
  }
}
