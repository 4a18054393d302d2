/**
 * The local controller: one process per member cluster, which applies what the
 * hub desires, reports what the cluster has, and goes on when the hub is gone.
 *
 * @packageDocumentation
 */
export { createController } from './Controller';
export type { Controller } from './Controller';
export type { ControllerOptions } from './ControllerOptions';
export type { Clock } from './timing/Clock';
export { systemClock } from './timing/Clock';
export type { Intervals } from './timing/Intervals';
export { DEFAULT_INTERVALS } from './timing/Intervals';
export type { Logger } from './logging';
export type { HighestEpoch, Hub, HubCredentials, SigningKey } from './hub/Hub';
export { HubError } from './hub/Hub';
export type {
  KubeApi,
  KubeListPage,
  KubeName,
  KubeObject,
  KubeResource,
  KubeSelector,
  KubeWatchEvent,
  TokenReviewStatus,
} from './kube/KubeApi';
export { KubeError } from './kube/KubeApi';
export { HttpKubeApi } from './kube/HttpKubeApi';
export { loadConnection } from './kube/loadConnection';
export type { KubeConnection } from './kube/loadConnection';
export type { LookUp } from './reconciler/EndpointNames';
export type { Dial } from './probes/GatewayProbes';
export type { IssuingSettings } from './issuer/Issuing';
export type { IssuingRates, Rate } from './issuer/service/RateLimits';
export type { ServingLives } from './issuer/serving/nextServing';
export { Collector } from './collector/Collector';
export type {
  CollectorOptions,
  CollectorRound,
  CollectorStatus,
} from './collector/Collector';
export type { CollectingSettings } from './collector/ClusterCollector';
export { HttpPrometheus } from './collector/prometheus/HttpPrometheus';
export { PrometheusError } from './collector/prometheus/Prometheus';
export type {
  EvaluationTimes,
  Prometheus,
  PrometheusAnswer,
  PrometheusAuthentication,
  PrometheusConnection,
  Series,
} from './collector/prometheus/Prometheus';
export type { SeriesSelection } from './collector/promql/queries';
export { InventoryWatcher } from './inventory/InventoryWatcher';
export type { InventoryOptions } from './inventory/InventoryWatcher';
export type { PodRecord, PodTemplate } from './inventory/readPod';
export { Observer } from './observer/Observer';
export type { ObserverHub, ObserverOptions } from './observer/Observer';
export { uninstall } from './uninstall';
export type { UninstallResult } from './uninstall';
export { runCli } from './runCli';
