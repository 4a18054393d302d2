import type {
  AuditorService,
  HttpAuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Knex } from 'knex';
import type { Condition } from '@isthmus/plugin-gns-common';
import type { DefinitionAuthorizer } from '../definitions/DefinitionAuthorizer';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import type { ClusterStore } from '../members/ClusterStore';
import type { Audit } from '../members/enrolment';
import type { FreshnessLimits } from '../members/freshness';
import type { TrafficReader } from '../traffic/TrafficReader';
import type { HubView } from './HubView';

/** What the routers for people share. */
export interface HubContext {
  readonly knex: Knex;
  readonly httpAuth: HttpAuthService;
  readonly permissions: PermissionsService;
  readonly auditor: AuditorService;
  readonly logger: LoggerService;
  readonly definitions: DefinitionStore;
  readonly authorizer: DefinitionAuthorizer;
  readonly clusters: ClusterStore;
  readonly view: HubView;
  readonly traffic: TrafficReader;
  /** For questions about entities. */
  readonly catalog?: CatalogService;
  readonly audit: Audit;
  /** What should be known of authorities, by global namespace. */
  readonly authorityConditions: () => Promise<
    ReadonlyMap<string, readonly Condition[]>
  >;
  readonly freshness: FreshnessLimits;
  readonly now: () => number;
  /** The backend's address as controllers reach it, without a path of the plugin. */
  readonly hubUrl: string;
  /** Something that is delivered may have to change. */
  readonly reconcile: () => void;
  /** Tells open pages what to read again. */
  readonly signal: (
    changed:
      | 'clusters'
      | 'status'
      | 'holds'
      | 'slos'
      | 'rollouts'
      | 'authorities',
    gns?: string,
  ) => void;
}
