/** What a kubeconfig says. */
export interface KubeconfigOptions {
  cluster: string;
  user: string;
  token: string;
  namespace?: string;
}

/**
 * Writes a kubeconfig document (JSON, which is YAML) for one user.
 *
 * @param ca - PEM of the server's authority; undefined for plain HTTP
 */
export function kubeconfigText(
  server: string,
  ca: string | undefined,
  { cluster, user, token, namespace }: KubeconfigOptions,
): string {
  const authority = ca
    ? { 'certificate-authority-data': Buffer.from(ca).toString('base64') }
    : {};
  const context = { cluster, user, ...(namespace ? { namespace } : {}) };
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': cluster,
      clusters: [{ name: cluster, cluster: { server, ...authority } }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: cluster, context }],
    },
    null,
    2,
  );
}
