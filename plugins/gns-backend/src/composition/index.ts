/** Composition: definitions × inventories → desired state of each cluster. Pure functions only. */
export * from './types';
export { acceptedMembers, compose } from './compose';
