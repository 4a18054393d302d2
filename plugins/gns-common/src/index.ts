/**
 * Kinds, REST contract and client, controller contract and permissions of
 * Isthmus: isomorphic, no I/O.
 *
 * @packageDocumentation
 */
export * from './names';
export * from './dns';
export * from './problems';
export * from './conditions';
export * from './inventory';
export * from './permissions';
export * from './serviceAnnotation';
export * from './kinds/kind';
export * from './kinds/matcher';
export * from './kinds/metadata';
export * from './kinds/GlobalNamespace';
export * from './kinds/ServiceLevelObjective';
export * from './kinds/reference';
export * from './kinds/registry';
export * from './kinds/parseMember';
export * from './kinds/parseYaml';
export * from './slo/buckets';
export * from './slo/duration';
export * from './slo/sloSchemas';
export * from './slo/sloRoutes';
export * from './slo/SloClient';
export * from './contract/epoch';
export * from './contract/canonicalJson';
export * from './contract/authority';
export * from './contract/desired';
export * from './contract/controllers';
export * from './contract/telemetry';
export * from './rest/schemas';
export * from './telemetry/resourceSchemas';
export * from './telemetry/trafficSchemas';
export * from './telemetry/trafficRoutes';
export * from './telemetry/TelemetryClient';
export * from './telemetry/packEdges';
export * from './rest/serviceIndex';
export * from './changes/statements';
export * from './changes/matches';
export * from './changes/consequences';
export * from './rollouts/schemas';
export * from './connecting/schemas';
export * from './diagnosis/schemas';
export * from './rest/schemas';
export * from './changes/conflict';
export * from './rest/routes';
export * from './rest/RestTransport';
export * from './rollouts/RolloutsClient';
export * from './authority/schemas';
export * from './authority/routes';
export * from './authority/AuthorityClient';
export * from './rest/GnsClient';
export * from './rest/problemsOfError';
export * from './deploy/controllerRules';
export * from './deploy/controllerManifests';
export * from './slo/templates';
export {
  toOpenSlo,
  type OpenSloDocument,
  type OpenSloExport,
} from './openslo/toOpenSlo';
export { fromOpenSlo, type OpenSloImport } from './openslo/fromOpenSlo';
