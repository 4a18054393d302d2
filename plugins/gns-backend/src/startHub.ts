import type {
  AuditorService,
  DatabaseService,
  HttpAuthService,
  LifecycleService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { ServiceUnavailableError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { Router } from 'express';
import type { KeyProtector } from '@isthmus/plugin-gns-node';
import { AuthorityDesk } from './authority/AuthorityDesk';
import { AuthorityHub } from './authority/AuthorityHub';
import { JoiningCallers } from './authority/transition/JoiningCallers';
import { createComposer } from './composition';
import { isPostgres } from './database/dialect';
import { migrate } from './database/migrate';
import { useWriteAheadLog } from './database/useWriteAheadLog';
import { DatabaseDefinitionStore } from './definitions/DatabaseDefinitionStore';
import { DefinitionAuthorizer } from './definitions/DefinitionAuthorizer';
import { DefinitionWriter } from './definitions/DefinitionWriter';
import { registerPermissions } from './definitions/registerPermissions';
import { StoredCompositions } from './delivery/compositionRows';
import { endpointsInUse } from './delivery/endpointsInUse';
import type { Compose } from './delivery/composeIsolated';
import { readHub } from './delivery/hubState';
import { PostgresChannel } from './delivery/PostgresChannel';
import { Reconciliation } from './delivery/Reconciliation';
import { Wakeups } from './delivery/Wakeups';
import { ClusterStore } from './members/ClusterStore';
import { ControllerAuthenticator } from './members/ControllerAuthenticator';
import type { Audit } from './members/enrolment';
import { loadHubIdentity } from './members/hubIdentity';
import { DatabaseNoticeBoard } from './notifications/DatabaseNoticeBoard';
import { NoticeKeeper } from './notifications/NoticeKeeper';
import { refuseDuringRollout } from './rollouts/refuseDuringRollout';
import { RolloutService } from './rollouts/RolloutService';
import { readClusterFacts } from './service/clusterAnswers';
import { hubMetrics } from './service/hubMetrics';
import { readHubConfig } from './service/hubConfig';
import { HubScenery } from './service/HubScenery';
import { HubView } from './service/HubView';
import type { HubContext } from './service/HubContext';
import { readNoticeView } from './service/readNoticeView';
import {
  ObservedClusters,
  type ObservedClustersOptions,
} from './observed/ObservedClusters';
import { RolloutAnswers } from './service/RolloutAnswers';
import { createRouter } from './service/router';
import { SignalPublisher } from './service/SignalPublisher';
import { SloService } from './slo/SloService';
import type { IncrementReader } from './telemetry/increments/types';
import { TelemetryHub } from './telemetry/TelemetryHub';
import { ResourcesView } from './telemetry/resources/ResourcesView';
import { TrafficView } from './telemetry/topology/TrafficView';
import { TelemetryTraffic } from './traffic/TelemetryTraffic';
import type { TrafficReader } from './traffic/TrafficReader';

export interface HubServices {
  config: RootConfigService;
  database: DatabaseService;
  httpAuth: HttpAuthService;
  lifecycle: LifecycleService;
  logger: LoggerService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  auditor: AuditorService;
  scheduler: SchedulerService;
  catalog?: CatalogService;
  signals?: SignalsService;
  metrics?: MetricsService;
  /** Protects the keys of authorities, before those of the config do. */
  keyProtector?: KeyProtector;
  /** For tests: whether development keys are refused; what NODE_ENV says otherwise. */
  production?: boolean;
  /** For tests; milliseconds since 1970. */
  now?: () => number;
  /** For tests: another composition. */
  compose?: Compose;
  notifications?: NotificationService;
  /** For tests: what objectives are computed from in place of the telemetry store. */
  increments?: IncrementReader;
  /** For tests: observes clusters at shorter intervals. */
  observing?: Pick<ObservedClustersOptions, 'intervals' | 'leaseMs' | 'load'>;
  /** For tests: what plans and rollouts ask about traffic in place of the telemetry store. */
  traffic?: TrafficReader;
}

/**
 * Builds and starts the hub on a migrated database.
 * @returns its routes; it stops with the plugin's lifecycle
 */
export async function startHub(services: HubServices): Promise<Router> {
  const { logger, auditor, httpAuth, permissions, permissionsRegistry } =
    services;
  const now = services.now ?? Date.now;
  const config = readHubConfig(services.config);
  const knex = await services.database.getClient();
  await useWriteAheadLog(knex);
  await migrate(services.database, { logger });
  const identity = await loadHubIdentity(knex);

  const definitions = DatabaseDefinitionStore.create({
    knex,
    now: () => new Date(now()),
    guard: refuseDuringRollout,
  });
  registerPermissions(permissionsRegistry, definitions);
  const audit: Audit = (entry, trx) => definitions.audit(entry, trx);
  // Set below: what is measured is made later.
  let authoritiesUnavailable: () => ReadonlyMap<string, number> = () =>
    new Map();
  const signals = new SignalPublisher({ signals: services.signals, logger });
  const metrics = hubMetrics(services.metrics, {
    knex,
    config,
    now,
    authoritiesUnavailable: () => authoritiesUnavailable(),
  });
  const wakeups = new Wakeups({
    readRevision: async () => (await readHub(knex)).revision,
    logger,
  });
  const engine = {
    knex,
    definitions,
    compositionOptions: config.composition,
    addressRange: config.addressRange,
  };
  const view = HubView.create(engine);
  const clusters = ClusterStore.create({
    knex,
    audit,
    now,
    tokenTtlMs: config.joinTokenTtlMs,
  });
  const telemetry = new TelemetryHub({
    knex,
    logger,
    retention: config.retention,
    now,
    onTraffic: gns => signals.publish('traffic', gns),
  });
  const scenery = new HubScenery({
    knex,
    view,
    clusters,
    freshness: config.freshness,
    now,
  });
  const { directory } = telemetry;
  const trafficView = new TrafficView({
    knex,
    directory,
    retention: telemetry.retention,
    scenery,
    now,
  });
  const resourcesView = new ResourcesView({ knex, directory, scenery, now });
  const traffic =
    services.traffic ??
    new TelemetryTraffic({
      logger,
      increments: services.increments ?? telemetry.increments,
      view: trafficView,
    });
  // Set below: who is told needs what writes.
  let definitionsWritten: () => void = () => undefined;
  const definitionOptions = {
    store: definitions,
    checker: view,
    listener: { definitionsChanged: () => definitionsWritten() },
    httpAuth,
    permissions,
    permissionsRegistry,
    auditor,
    logger,
    assertWritable: async () => {
      const hub = await readHub(knex);
      if (!hub.readOnly) return;
      throw new ServiceUnavailableError(
        `The hub is read-only: ${hub.readOnlyReason} Decide on it under holds first.`,
      );
    },
  };
  const rollouts = RolloutService.create({
    knex,
    definitions,
    writer: DefinitionWriter.create(definitionOptions),
    view,
    audit,
    traffic,
    now,
  });
  // Set below: what is delivered follows from it.
  let authorityChanged: (gns: string) => void = () => undefined;
  const authorities = new AuthorityHub({
    knex,
    config: config.authority,
    protector: services.keyProtector,
    production: services.production ?? process.env.NODE_ENV === 'production',
    definitions,
    audit,
    freshness: config.freshness,
    logger,
    now,
    onChange: gns => authorityChanged(gns),
  });
  authoritiesUnavailable = () => {
    const counts = new Map<string, number>();
    for (const a of authorities.keeper.availabilities.values()) {
      if (a.state === 'signing') continue;
      counts.set(a.reason, (counts.get(a.reason) ?? 0) + 1);
    }
    return counts;
  };
  const joining = new JoiningCallers({ knex, view: trafficView, logger });
  const reconciliation = Reconciliation.create({
    ...engine,
    compose: services.compose ?? createComposer(),
    logger,
    now,
    announce: isPostgres(knex)
      ? (trx, ids) => PostgresChannel.announce(trx, identity.hubId, ids)
      : undefined,
    onDuration: metrics.reconciled,
    onChange: outcome => {
      authorities.noteWaits(outcome.authorityWaits);
      wakeups.wake(new Set(outcome.changedClusters));
      if (outcome.changedStatus.size > 0) {
        signals.publish('status', outcome.changedStatus);
      }
      if (outcome.changedClusters.length > 0 || outcome.clustersForgotten) {
        signals.publish('clusters');
      }
      if (outcome.holdsChanged) signals.publish('holds');
      if (outcome.authoritiesChanged) signals.publish('authorities');
      if (outcome.rolloutsStepped.length > 0) {
        signals.publish('rollouts', outcome.rolloutsStepped);
      }
    },
    readRolloutErrors: () => rollouts.readErrors(),
    readOutsideCallers: () => joining.read(),
    freshness: config.freshness,
  });
  const channel = isPostgres(knex)
    ? new PostgresChannel({
        knex,
        hubId: identity.hubId,
        logger,
        onWake: ids => {
          wakeups.wake(ids);
          signals.publish('status');
        },
      })
    : undefined;
  await telemetry.schedule(services.scheduler);
  const compositions = new StoredCompositions();
  const slo = new SloService({
    knex,
    definitions,
    reader: services.increments ?? telemetry.increments,
    notifications: services.notifications,
    logger,
    now,
    onChange: gns => signals.publish('slos', gns),
  });

  authorityChanged = gns => {
    reconciliation.trigger();
    signals.publish('authorities', [gns]);
  };
  definitionsWritten = () => {
    authorities.keeper.trigger();
    reconciliation.trigger();
    slo.trigger();
    signals.publish('definitions');
  };

  services.lifecycle.addShutdownHook(async () => {
    // Held polls end first: the server waits for open requests.
    wakeups.close();
    signals.stop();
    metrics.stop();
    await channel?.stop();
    await slo.stop();
    await authorities.keeper.stop();
    await reconciliation.stop();
  });
  // Not awaited: while it cannot listen, polling is the fallback.
  channel?.start();
  reconciliation.start();
  authorities.keeper.start();
  slo.start();

  const desk = new AuthorityDesk({
    authorities,
    view,
    joining,
    coverage: async () =>
      new Map(
        (
          await readClusterFacts({
            knex,
            clusters,
            limits: config.freshness,
            now: now(),
          })
        ).map(f => [f.cluster.id, f.coverage]),
      ),
    now,
  });
  const hub: HubContext = {
    knex,
    httpAuth,
    permissions,
    auditor,
    logger,
    definitions,
    authorizer: DefinitionAuthorizer.create({
      permissions,
      permissionsRegistry,
    }),
    clusters,
    view,
    traffic,
    catalog: services.catalog,
    audit,
    authorityConditions: () => desk.conditionsByGns(),
    freshness: config.freshness,
    now,
    hubUrl: config.hubUrl,
    reconcile: () => reconciliation.trigger(),
    signal: (changed, gns) => signals.publish(changed, gns && [gns]),
  };
  const notices = new NoticeKeeper({
    board: DatabaseNoticeBoard.create({
      knex,
      notifications: services.notifications,
      logger,
      now,
    }),
    read: () => readNoticeView(hub, config.notices, desk),
    logger,
  });
  notices.start();
  services.lifecycle.addShutdownHook(() => notices.stop());
  const reports = {
    endpointsOf: async (cluster: { id: string }) =>
      endpointsInUse(cluster.id, await compositions.load(knex)),
    onReport: (change: {
      relevant: boolean;
      holdsChanged: boolean;
      authoritiesChanged?: boolean;
    }) => {
      if (change.relevant) reconciliation.triggerSoon();
      if (change.authoritiesChanged) signals.publish('authorities');
      signals.publish('clusters');
      if (change.holdsChanged) signals.publish('holds');
    },
  };
  const onClustersChanged = () => {
    reconciliation.trigger();
    signals.publish('clusters');
    signals.publish('holds');
  };
  const observed = new ObservedClusters({
    ...reports,
    knex,
    clusters,
    telemetry,
    now,
    audit,
    logger,
    config: config.observed,
    onClustersChanged,
    ...services.observing,
  });
  observed.start();
  services.lifecycle.addShutdownHook(() => observed.stop());
  const answers = RolloutAnswers.create({ hub, store: definitions });
  return createRouter({
    authorities: {
      authorities,
      desk,
      assertWritable: definitionOptions.assertWritable,
    },
    slo,
    telemetry,
    trafficView,
    resourcesView,
    hub,
    definitions: { ...definitionOptions, answers },
    rollouts: {
      rollouts,
      store: definitions,
      answers,
      assertWritable: definitionOptions.assertWritable,
    },
    controllers: {
      knex,
      hub: identity,
      authenticator: ControllerAuthenticator.create({
        knex,
        hubId: identity.hubId,
        now,
      }),
      wakeups,
      auditor,
      audit,
      now,
      telemetry,
      authorities: authorities.issuers,
      assertWritable: definitionOptions.assertWritable,
      ...reports,
      onClustersChanged,
    },
  });
}
