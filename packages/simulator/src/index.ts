/**
 * Member clusters without Kubernetes: an API server over an in-memory store,
 * and the demo's world on three of them.
 *
 * @packageDocumentation
 */
export type { ApiServerOptions, KubeconfigOptions } from './apiserver/server';
export { ApiServer, startApiServer } from './apiserver/server';
export type { UserInfo } from './apiserver/authentication';
export type { Certificate } from './apiserver/certificate';
export {
  createRootCertificate,
  createServingCertificate,
} from './apiserver/certificate';
export type { Faults, FaultRequest } from './apiserver/faults';
export type { SeenRequest } from './apiserver/requestHandler';
export type {
  KubernetesObject,
  ObjectMeta,
  SeedObject,
} from './apiserver/objects';
export type { StoreSnapshot } from './apiserver/store';
