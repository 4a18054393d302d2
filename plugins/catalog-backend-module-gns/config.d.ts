import type { HumanDuration } from '@backstage/types';

export interface Config {
  catalog?: {
    providers?: {
      /** Global namespaces and member clusters of Isthmus as catalog entities. */
      gns?: {
        /**
         * Catalog namespace of the entities that stand for global namespaces.
         * Default `gns`.
         */
        namespace?: string;
        /**
         * Catalog namespace of the entities that stand for member clusters.
         * Default `gns-clusters`; must differ from the other one.
         */
        clusterNamespace?: string;
        /**
         * Owner of what names none: an entity reference. Default `group:default/unowned`.
         */
        defaultOwner?: string;
        /** How often the hub is asked. Default 30 seconds. */
        frequency?: HumanDuration | string;
      };
    };
  };
}
