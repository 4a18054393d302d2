import { HumanDuration } from '@backstage/types';

export interface Config {
  /** The Isthmus hub: global namespaces for Istio. */
  gns?: {
    /**
     * Address of this backend as member clusters reach it, without a path.
     * It stands in the join instructions. Default: `backend.baseUrl`.
     * @visibility backend
     */
    hubUrl?: string;

    /**
     * IPv4 range (/8 to /24) from which hosts get their stable addresses.
     * It must not be routed, and must not lie in 240.240.0.0/16, from which
     * Istio assigns. Hosts that have an address keep it when this changes.
     * Default: `240.16.0.0/12`.
     * @visibility backend
     */
    addressRange?: string;

    /**
     * How long a join token may be used. Default: one hour.
     * @visibility backend
     */
    joinTokenTtl?: HumanDuration | string;

    /** When the report of a member cluster stops counting as current. */
    freshness?: {
      /**
       * Older than this: stale. Default: 60 seconds.
       * @visibility backend
       */
      staleAfter?: HumanDuration | string;
      /**
       * Older than this: unreachable. Shown only, nothing is done. Default: 5 minutes.
       * @visibility backend
       */
      unreachableAfter?: HumanDuration | string;
    };

    /** How calls are spread over clusters. */
    composition?: {
      /**
       * Remote clusters that each caller keeps per host, nearest first. Default: 5.
       * @visibility backend
       */
      nearestClusters?: number;
      /**
       * Largest share of a host's remote weight that one cluster may claim,
       * above 0 and at most 1, so that no cluster can claim all calls. Default: 0.8.
       * @visibility backend
       */
      maxClusterShare?: number;
    };

    /** What owners are notified of, where the notifications plugin is installed. */
    notifications?: {
      /**
       * Entity references of who runs the clusters: they hear of silent
       * clusters, of decisions that wait, and of what nobody owns.
       * @visibility backend
       */
      platformOwners?: string[];
      /**
       * A cluster is silent for this long before its owners hear of it, counted
       * from `freshness.unreachableAfter`. Default: 5 minutes.
       * @visibility backend
       */
      silentAfter?: HumanDuration | string;
      /**
       * A condition of severity error stays for this long before its owners
       * hear of it. Default: 15 minutes.
       * @visibility backend
       */
      conditionAfter?: HumanDuration | string;
    };

    /** Certificate authorities of global namespaces (`authority.mode: dedicated`). */
    authority?: {
      /**
       * Key-encryption keys, base64 of 32 random bytes each (`openssl rand
       * -base64 32`). The first seals, all open: put a new one in front, and take the old one out when
       * `GET /api/gns/v1/authority` calls it removable. Without any, a key that everybody
       * knows is used, which production refuses.
       */
      keys?: Array<{
        /** @visibility secret */
        secret: string;
      }>;
      /**
       * Life of a root. Default: 10 years.
       * @visibility backend
       */
      rootLife?: HumanDuration | string;
      /**
       * Life of a cluster's issuer: so long a cluster can live without the hub.
       * It is renewed at half of it. Default: 7 days.
       * @visibility backend
       */
      issuerLife?: HumanDuration | string;
      /**
       * How long the root keys of a deleted global namespace are kept, so that who restores it from its history gets the
       * same authority back; then they are destroyed. Default: 30 days.
       * @visibility backend
       */
      keepDeleted?: HumanDuration | string;
    };

    /** What is kept of the traffic that clusters measure. */
    telemetry?: {
      /** Longer keeps more bytes: `GET /api/gns/v1/telemetry` tells how many. */
      retention?: {
        /** Who called whom. */
        edges?: {
          /**
           * Minute by minute. At least 2 hours. Default: 3 hours.
           * @visibility backend
           */
          minutes?: HumanDuration | string;
          /**
           * By quarters of an hour. At least a day. Default: 7 days.
           * @visibility backend
           */
          quarters?: HumanDuration | string;
        };
        /** What service level objectives are computed from. */
        increments?: {
          /**
           * Minute by minute. At least as long as the edges. Default: 48 hours.
           * @visibility backend
           */
          minutes?: HumanDuration | string;
          /**
           * By quarters of an hour. At least a day. Default: 400 days.
           * @visibility backend
           */
          quarters?: HumanDuration | string;
        };
      };
    };

    /**
     * Clusters that the hub reads itself: inventory and traffic, without
     * installing anything, and without ever writing to them. One that cannot be
     * read as it stands here is left out with an error in the log.
     */
    observedClusters?: Array<{
      /**
       * Its name among the member clusters.
       * @visibility backend
       */
      name: string;
      /**
       * For people.
       * @visibility backend
       */
      title?: string;
      /**
       * Its name in `kubernetes.clusterLocatorMethods` (type `config`), where it
       * needs `authProvider: serviceAccount`. Without a `serviceAccountToken`
       * there, the account of the portal's own pod is used. Default: `name`.
       * @visibility backend
       */
      kubernetesCluster?: string;
      /** For matchers of members. */
      labels?: {
        /** @visibility backend */
        [name: string]: string;
      };
      /**
       * Where istiod runs. Default: `istio-system`.
       * @visibility backend
       */
      istioNamespace?: string;
      /** Where its traffic is measured. Without it there is inventory only. */
      prometheus?: {
        /**
         * Address of Prometheus, Thanos, Mimir or VictoriaMetrics. Several: copies
         * of one, of which the first that is healthy is asked.
         * @visibility backend
         */
        url: string | string[];
        /** Who asks. */
        authentication?: {
          /**
           * `bearer` with `token`, or `basic` with `username` and `password`.
           * @visibility backend
           */
          type: 'bearer' | 'basic';
          /**
           * Of `bearer`.
           * @visibility secret
           */
          token?: string;
          /**
           * Of `basic`.
           * @visibility backend
           */
          username?: string;
          /**
           * Of `basic`.
           * @visibility secret
           */
          password?: string;
        };
        /** Sent with each query, for example `X-Scope-OrgID`. */
        headers?: {
          /** @visibility secret */
          [name: string]: string;
        };
        /** PEM texts. */
        tls?: {
          /**
           * Authorities to believe.
           * @visibility backend
           */
          ca?: string;
          /**
           * Our certificate.
           * @visibility backend
           */
          cert?: string;
          /**
           * Its key.
           * @visibility secret
           */
          key?: string;
          /**
           * Name in its certificate, when it differs from the address.
           * @visibility backend
           */
          serverName?: string;
        };
        /**
         * Labels that its series must have, for a store of several clusters.
         */
        match?: {
          /** @visibility backend */
          [label: string]: string;
        };
        /**
         * How far back traffic is read at first. Default: 3 hours.
         * @visibility backend
         */
        history?: HumanDuration | string;
      };
    }>;
  };
}
