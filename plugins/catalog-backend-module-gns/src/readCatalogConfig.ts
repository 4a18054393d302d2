import { KubernetesValidatorFunctions } from '@backstage/catalog-model';
import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { ownerSchema } from '@isthmus/plugin-gns-common';

/** The settings below `catalog.providers.gns`, read and checked once. */
export interface CatalogConfig {
  /** Catalog namespace of global namespaces. */
  readonly namespace: string;
  /** Catalog namespace of member clusters. */
  readonly clusterNamespace: string;
  readonly defaultOwner: string;
  readonly frequencyMs: number;
  /** Where people open the portal, without a slash at the end. */
  readonly portalUrl: string;
}

const KEY = 'catalog.providers.gns';

/** @throws InputError naming the key, the value and what is allowed */
export function readCatalogConfig(root: Config): CatalogConfig {
  const config = root.getOptionalConfig(KEY);
  const namespaceOf = (key: string, fallback: string) => {
    const value = config?.getOptionalString(key) ?? fallback;
    if (!KubernetesValidatorFunctions.isValidNamespace(value)) {
      throw new InputError(
        `${KEY}.${key}: "${value}" is no catalog namespace. Use a-z, 0-9 and -, at most 63`,
      );
    }
    return value;
  };
  const namespace = namespaceOf('namespace', 'gns');
  const clusterNamespace = namespaceOf('clusterNamespace', 'gns-clusters');
  if (namespace === clusterNamespace) {
    throw new InputError(
      `${KEY}.clusterNamespace: "${clusterNamespace}" is the namespace of global namespaces too; a cluster and a global namespace may have one name. Choose another one`,
    );
  }
  return {
    namespace,
    clusterNamespace,
    defaultOwner: readOwner(
      config?.getOptionalString('defaultOwner') ?? 'group:default/unowned',
    ),
    frequencyMs: config?.has('frequency')
      ? durationToMilliseconds(
          readDurationFromConfig(config, { key: 'frequency' }),
        )
      : 30_000,
    portalUrl: root.getString('app.baseUrl').replace(/\/+$/, ''),
  };
}

function readOwner(text: string): string {
  const parsed = ownerSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `${KEY}.defaultOwner: "${text}" is no owner. Write group:<namespace>/<name>`,
  );
}
