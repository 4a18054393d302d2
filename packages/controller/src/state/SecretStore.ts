import {
  LABEL_MANAGED_BY,
  LABEL_STATE,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { KubeApi, KubeObject } from '../kube/KubeApi';
import { OWN_RESOURCES } from '../kube/resources';

/** The key inside our Secrets. */
const CONTENT = 'content';

/** What a Secret of ours is for; the value of its label. */
export type SecretRole =
  | 'identity'
  | 'index'
  | 'shard'
  /** Key and certificate of this cluster's issuer for one global namespace. */
  | 'issuer'
  /** What all issuers share. */
  | 'issuing'
  /** Root and certificate with which the controller serves TLS. */
  | 'serving'
  /** What one replica serves. */
  | 'replica'
  /** Certificates that one replica issued. */
  | 'issued'
  /** How many of them the hub has. */
  | 'delivered';

/** Secrets of the controller's own namespace that hold its state. */
export class SecretStore {
  constructor(
    private readonly kube: KubeApi,
    private readonly namespace: string,
  ) {}

  async read(name: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    const secret = await this.kube.get(
      OWN_RESOURCES.secrets,
      { name, namespace: this.namespace },
      signal,
    );
    return secret && contentOf(secret);
  }

  /**
   * With `resourceVersion`, only over that very version: fails with 409 when
   * somebody else wrote meanwhile.
   */
  async write(
    name: string,
    role: SecretRole,
    content: Buffer,
    options: { resourceVersion?: string; signal?: AbortSignal } = {},
  ): Promise<KubeObject> {
    return this.kube.apply(
      OWN_RESOURCES.secrets,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'Opaque',
        metadata: {
          name,
          namespace: this.namespace,
          labels: { [LABEL_MANAGED_BY]: MANAGED_BY, [LABEL_STATE]: role },
          ...(options.resourceVersion
            ? { resourceVersion: options.resourceVersion }
            : {}),
        },
        data: { [CONTENT]: content.toString('base64') },
      },
      { force: true },
      options.signal,
    );
  }

  /** Metadata of all of one role, or of all. */
  async list(role?: SecretRole, signal?: AbortSignal): Promise<KubeObject[]> {
    const secrets: KubeObject[] = [];
    let next: string | undefined;
    do {
      const page = await this.kube.list(
        OWN_RESOURCES.secrets,
        {
          namespace: this.namespace,
          labelSelector: stateSelector(role ? [role] : []),
        },
        // Some are large: few at a time.
        { limit: 20, continue: next },
        signal,
      );
      secrets.push(...page.items.map(({ metadata }) => ({ metadata })));
      next = page.continue;
    } while (next);
    return secrets;
  }

  async remove(secret: KubeObject, signal?: AbortSignal): Promise<void> {
    const { name, uid } = secret.metadata;
    await this.kube.delete(
      OWN_RESOURCES.secrets,
      { name, namespace: this.namespace },
      uid,
      signal,
    );
  }
}

/** Selects our Secrets of these roles; of none: of all. */
export function stateSelector(roles: readonly SecretRole[]): string {
  const ours = `${LABEL_MANAGED_BY}=${MANAGED_BY}`;
  if (roles.length === 0) return `${ours},${LABEL_STATE}`;
  return roles.length === 1
    ? `${ours},${LABEL_STATE}=${roles[0]}`
    : `${ours},${LABEL_STATE} in (${roles.join(',')})`;
}

/** What a Secret of ours holds. */
export function contentOf(secret: KubeObject): Buffer | undefined {
  const encoded = (secret.data as Record<string, unknown> | undefined)?.[
    CONTENT
  ];
  return typeof encoded === 'string'
    ? Buffer.from(encoded, 'base64')
    : undefined;
}
