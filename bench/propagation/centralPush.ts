import {
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from '@kubernetes/client-node';

/** An object with its spec. */
interface PolicyObject extends KubernetesObject {
  spec: unknown;
}

/**
 * The peer: one central process that holds a kubeconfig of every cluster and
 * writes the same two objects to all of them at once, as multi-cluster tools
 * without an agent in the cluster do. It keeps no history, signs nothing and
 * composes nothing.
 */
export class CentralPush {
  readonly #apis: KubernetesObjectApi[];

  constructor(
    urls: readonly string[],
    token: string,
    private readonly namespace: string,
    private readonly prefix: string,
  ) {
    this.#apis = urls.map(server => {
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: 'cluster', server, skipTLSVerify: true },
        { name: 'admin', token },
      );
      return KubernetesObjectApi.makeApiClient(config);
    });
  }

  /** Puts both objects everywhere, or takes them away. */
  async edit(strict: boolean): Promise<void> {
    await Promise.all(
      this.#apis.map(async api => {
        await Promise.all(
          this.#objects().map(object =>
            strict
              ? api.patch(
                  object,
                  undefined,
                  undefined,
                  'central-push',
                  true,
                  PatchStrategy.ServerSideApply,
                )
              : api.delete(object),
          ),
        );
      }),
    );
  }

  #objects(): PolicyObject[] {
    const metadata = { name: this.prefix, namespace: this.namespace };
    return [
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata,
        spec: { mtls: { mode: 'STRICT' } },
      },
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata,
        spec: {
          action: 'ALLOW',
          rules: [
            {
              from: [
                {
                  source: {
                    principals: [`cluster.local/ns/${this.namespace}/*`],
                  },
                },
              ],
            },
          ],
        },
      },
    ];
  }
}
