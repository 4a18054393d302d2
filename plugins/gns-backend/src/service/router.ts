import express, { type Router } from 'express';
import {
  createAuthoritiesRouter,
  type AuthoritiesRouterOptions,
} from './authoritiesRouter';
import { createClustersRouter } from './clustersRouter';
import {
  createControllersRouter,
  type ControllersRouterOptions,
} from './controllersRouter';
import {
  createDefinitionsRouter,
  type DefinitionsRouterOptions,
} from './definitionsRouter';
import { createConsequencesRouter } from './consequencesRouter';
import { createDiagnosisRouter } from './diagnosisRouter';
import { createGlobalNamespacesRouter } from './globalNamespacesRouter';
import { createHoldsRouter } from './holdsRouter';
import type { HubContext } from './HubContext';
import { createHubRouter } from './hubRouter';
import {
  createRolloutsRouter,
  type RolloutsRouterOptions,
} from './rolloutsRouter';
import { createMatchesRouter } from './matchesRouter';
import { createPlanRouter } from './planRouter';
import { createGraphqlRouter } from '../graphql/createGraphqlRouter';
import type { SloService } from '../slo/SloService';
import { createTelemetryRouter } from './telemetryRouter';
import type { TelemetryHub } from '../telemetry/TelemetryHub';
import type { ResourcesView } from '../telemetry/resources/ResourcesView';
import type { TrafficView } from '../telemetry/topology/TrafficView';
import { createServicesRouter } from './servicesRouter';
import { createSlosRouter } from './slosRouter';

/** All routes of the plugin, below `/api/gns`. */
export function createRouter(options: {
  hub: HubContext;
  definitions: DefinitionsRouterOptions;
  controllers: ControllersRouterOptions;
  slo: SloService;
  telemetry: TelemetryHub;
  trafficView: TrafficView;
  resourcesView: ResourcesView;
  rollouts: Omit<RolloutsRouterOptions, 'hub'>;
  authorities: Omit<AuthoritiesRouterOptions, 'hub'>;
}): Router {
  const router = express.Router();
  router.use(createControllersRouter(options.controllers));
  router.use(createDefinitionsRouter(options.definitions));
  router.use(createGlobalNamespacesRouter(options.hub));
  router.use(createServicesRouter(options.hub));
  router.use(createClustersRouter(options.hub));
  router.use(createConsequencesRouter(options.hub));
  router.use(createDiagnosisRouter(options.hub));
  router.use(createHoldsRouter(options.hub));
  router.use(createPlanRouter(options.hub));
  router.use(createMatchesRouter(options.hub));
  router.use(createSlosRouter(options.hub, options.slo));
  router.use(
    createTelemetryRouter(
      options.hub,
      options.telemetry,
      options.trafficView,
      options.resourcesView,
    ),
  );
  router.use(createGraphqlRouter(options));
  router.use(createRolloutsRouter({ ...options.rollouts, hub: options.hub }));
  router.use(
    createAuthoritiesRouter({ ...options.authorities, hub: options.hub }),
  );
  router.use(createHubRouter(options.hub, options.authorities.authorities));
  return router;
}
