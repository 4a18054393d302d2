/**
 * Member clusters without Kubernetes: an API server over an in-memory store,
 * and the demo's world on three of them.
 *
 * @packageDocumentation
 */
export type { ApiServerOptions } from './apiserver/server';
export type { KubeconfigOptions } from './apiserver/kubeconfig';
export { ApiServer, startApiServer } from './apiserver/server';
export type { UserInfo } from './apiserver/authentication';
export type { Certificate } from './apiserver/certificate';
export { createServingCertificate } from './apiserver/certificate';
export type { Faults, FaultRequest } from './apiserver/faults';
export type { SeenRequest } from './apiserver/requestContext';
export type {
  KubernetesObject,
  ObjectMeta,
  SeedObject,
} from './apiserver/objects';
export type { StoreSnapshot } from './apiserver/store';
export type { ShopWorldOptions } from './model/ShopWorld';
export { ShopWorld, createShopWorld } from './model/ShopWorld';
export type {
  KubeconfigRole,
  SimulatedClusterOptions,
} from './model/SimulatedCluster';
export { SimulatedCluster } from './model/SimulatedCluster';
export type { Incident, IncidentKind } from './traffic/incidents';
export { INCIDENT_KINDS, INCIDENTS, Incidents } from './traffic/incidents';
export { ClusterSeries } from './traffic/ClusterSeries';
export { PrometheusApi } from './prometheus/PrometheusApi';
export { instantAnswer, rangeAnswer } from './prometheus/answerQuery';
export type {
  Sample,
  SeriesStore,
  StoredSeries,
} from './prometheus/promql/evaluate';
export type {
  ShopCluster,
  ShopNamespace,
  ShopPlacement,
  ShopProtocol,
  ShopService,
} from './model/shop';
export {
  BANK_SERVICES,
  OTHER_SERVICES,
  SHOP_CLUSTERS,
  SHOP_SERVICES,
} from './model/shop';
export { MeshAuthority } from './model/MeshAuthority';
