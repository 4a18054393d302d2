/** Composition: definitions × inventories → desired state of each cluster. Pure functions only. */
export * from './types';
export {
  acceptedMembers,
  compose,
  createComposer,
  type Compose,
} from './compose';
export { checkDefinitions, type DefinitionCheck } from './checkDefinitions';
export { allConditions, planChanges, type PlannedChanges } from './planChanges';
export { healthOf, healthOfPods, worst } from './health';
export { topologyOf, type TopologyInput } from './topologyOf';
