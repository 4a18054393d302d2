import { readFileSync } from 'node:fs';
import { request } from 'node:https';

/**
 * What a platform engineer does on the condition `PodsRestarted`:
 * `kubectl rollout restart deployment` in every namespace whose pods still wait.
 */
export async function restartWaiting(members, clusters) {
  for (const { cluster, namespace, awaitingRestart } of members) {
    const found = clusters.find(c => c.name === cluster);
    if (!found || awaitingRestart === 0) continue;
    const api = connect(
      JSON.parse(readFileSync(found.adminKubeconfig, 'utf8')),
    );
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const { items } = await api('GET', path);
    for (const { metadata } of items) {
      await api('PATCH', `${path}/${metadata.name}`, {
        spec: {
          template: {
            metadata: {
              annotations: {
                'kubectl.kubernetes.io/restartedAt': new Date().toISOString(),
              },
            },
          },
        },
      });
    }
  }
}

function connect(kubeconfig) {
  const { server, 'certificate-authority-data': ca } =
    kubeconfig.clusters[0].cluster;
  const { token } = kubeconfig.users[0].user;
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${server}${path}`,
        {
          method,
          ca: Buffer.from(ca, 'base64'),
          headers: {
            authorization: `Bearer ${token}`,
            ...(body ? { 'content-type': 'application/merge-patch+json' } : {}),
          },
        },
        answer => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', part => {
            text += part;
          });
          answer.on('end', () =>
            answer.statusCode < 300
              ? resolve(JSON.parse(text))
              : reject(
                  new Error(
                    `${method} ${path}: ${answer.statusCode} ${text.slice(
                      0,
                      500,
                    )}`,
                  ),
                ),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
}
