/**
 * Real member clusters without Docker, for tests and for people.
 *
 * @packageDocumentation
 */
export { ensureBinaries, type Binaries } from './binaries/ensureBinaries';
export { installSystemPackages } from './binaries/systemPackages';
export { VERSIONS } from './binaries/versions';
export { Cluster } from './cluster/Cluster';
export { type ClusterOptions, type StartPodOptions } from './cluster/options';
export {
  KubeApiError,
  KubeClient,
  parseManifests,
  type KubeObject,
  type ObjectRef,
} from './kube/KubeClient';
export { GATEWAY_PORT } from './network/NetworkSpace';
export { type Forwarding } from './network/Tunnel';
export { Daemon } from './process/Daemon';
export { eventually, type EventuallyOptions } from './process/eventually';
export { Testbed, type ProcessOptions, type TestbedOptions } from './Testbed';
export { type Loop } from './workload/Loop';
export { Pod } from './workload/Pod';
export { APP_PORTS, type ServicePort } from './workload/podManifests';
export type {
  Behaviour,
  CallOrder,
  CallOutcome,
  Echo,
  GrpcOrder,
  LoopCounts,
  LoopFailure,
} from './workload/protocol';
