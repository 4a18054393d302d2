import * as common from '@isthmus/plugin-gns-common';
import { z } from 'zod';

/** Schemas that get a name in the document; every use of one refers to it. */
export const namedSchemas: Record<string, z.ZodType> = {
  AuditEntry: common.auditEntrySchema,
  Authority: common.gnsAuthoritySchema,
  AuthorityBackup: common.authorityBackupSchema,
  AuthorityList: common.authoritySummaryListSchema,
  ClusterIssuers: common.clusterIssuersSchema,
  IssuanceList: common.issuanceListSchema,
  KeyProtection: common.keyProtectionSchema,
  RevocationPreview: common.revocationPreviewSchema,
  TrustBundle: common.trustBundleDownloadSchema,
  AuditList: common.auditListSchema,
  Cluster: common.clusterSchema,
  ClusterList: common.clusterListSchema,
  Condition: common.conditionSchema,
  Coverage: common.coverageSchema,
  ConnectionCheck: common.checkSchema,
  Connection: common.connectionSchema,
  Consequences: common.consequencesSchema,
  CreateClusterRequest: common.createClusterRequestSchema,
  DefinitionList: common.definitionListSchema,
  Diagnosis: common.diagnosisSchema,
  DiagnosisEvidence: common.evidenceSchema,
  DiagnosisLink: common.linkSchema,
  DiagnosisSubject: common.subjectSchema,
  Freshness: common.freshnessSchema,
  GlobalNamespaceStatus: common.gnsStatusSchema,
  GlobalNamespaceSummary: common.gnsSummarySchema,
  GlobalNamespaceSummaryList: common.gnsSummaryListSchema,
  GlobalService: common.globalServiceSchema,
  Health: common.healthSchema,
  Hold: common.holdSchema,
  HoldDecision: common.holdDecisionSchema,
  HoldList: common.holdListSchema,
  HoldsDecided: common.holdsDecidedSchema,
  HoldsDecision: common.holdsDecisionSchema,
  HubStatus: common.hubStatusSchema,
  JoinToken: common.joinTokenSchema,
  Matches: common.matchesSchema,
  MatchesRequest: common.matchesRequestSchema,
  OpenSloExport: common.openSloExportSchema,
  OpenSloImport: common.openSloImportSchema,
  OpenSloImportRequest: common.openSloImportRequestSchema,
  Plan: common.planSchema,
  PlanObject: common.planObjectSchema,
  PlanRequest: common.planRequestSchema,
  Problem: common.problemSchema,
  Reachability: common.reachabilitySchema,
  Revision: common.revisionSchema,
  Rollout: common.rolloutSchema,
  RolloutDecision: common.rolloutDecisionSchema,
  RolloutList: common.rolloutListSchema,
  RolloutRequest: common.createRolloutRequestSchema,
  RolloutStrategy: common.rolloutStrategySchema,
  RevisionList: common.revisionListSchema,
  Statement: common.statementSchema,
  SloActionList: common.sloActionListSchema,
  SloAnnotationRequest: common.sloAnnotationRequestSchema,
  SloBudget: common.sloBudgetSchema,
  SloDetail: common.sloDetailSchema,
  SloEvent: common.sloEventSchema,
  SloList: common.sloListSchema,
  SloPreview: common.sloPreviewSchema,
  SloPreviewRequest: common.sloPreviewRequestSchema,
  SloSummary: common.sloSummarySchema,
  StoredDefinition: common.storedDefinitionSchema,
  Topology: common.topologySchema,
  TopologyEdge: common.topologyEdgeSchema,
  TopologyNode: common.topologyNodeSchema,
  WriteResult: common.writeResultSchema,
};

/** Error answers, as the backend's error middleware writes them. */
const errorSchema = z.object({
  error: z.looseObject({
    name: z.string().describe('A stable word, for example NotFoundError'),
    message: z.string().describe('What is wrong, where, and what to do'),
    problems: z
      .array(common.problemSchema)
      .optional()
      .describe('With 422: every problem of the document'),
    conflict: common.conflictSchema
      .optional()
      .describe('With 409 and 412: what stands in the way'),
  }),
  request: z.object({ method: z.string(), url: z.string() }).optional(),
  response: z.object({ statusCode: z.number() }),
});

export type JsonSchema = Record<string, unknown>;

function componentPath(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Names a schema where it is used: by reference if it has a name, else in full. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const named = Object.entries(namedSchemas).find(([, s]) => s === schema);
  return named
    ? { $ref: componentPath(named[0]) }
    : withoutMeta(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
}

/** `components.schemas`: all named schemas, each kind of definition as it is sent, errors. */
export function componentSchemas(): Record<string, JsonSchema> {
  const requests = [
    'CreateClusterRequest',
    'HoldDecision',
    'MatchesRequest',
    'OpenSloImportRequest',
    'PlanRequest',
    'SloAnnotationRequest',
    'SloPreviewRequest',
    'RolloutDecision',
    'RolloutRequest',
    'RolloutStrategy',
  ];
  return {
    ...asComponents(
      Object.entries(namedSchemas).filter(([name]) => !requests.includes(name)),
      'output',
    ),
    ...asComponents(
      Object.entries(namedSchemas).filter(([name]) => requests.includes(name)),
      'input',
    ),
    ...asComponents(
      [
        ...common
          .supportedKinds()
          .map((kind): [string, z.ZodType] => [kind.kind, kind.schema]),
      ],
      'input',
    ),
    ...asComponents(
      [
        ['Error', errorSchema],
        ['Problem', common.problemSchema],
      ],
      'output',
    ),
  };
}

/** A definition as it is sent: any supported kind, by its discriminator. */
export function definitionInput() {
  const kinds = common.supportedKinds().map(kind => kind.kind);
  return {
    oneOf: kinds.map(kind => ({ $ref: componentPath(kind) })),
    discriminator: {
      propertyName: 'kind',
      mapping: Object.fromEntries(
        kinds.map(kind => [kind, componentPath(kind)]),
      ),
    },
  };
}

function asComponents(
  entries: Array<[string, z.ZodType]>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  entries.forEach(([id, schema]) => registry.add(schema, { id }));
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: componentPath,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      withoutMeta(schema),
    ]),
  );
}

/** OpenAPI 3.1 sets the dialect for the whole document, and names stand outside. */
function withoutMeta(schema: object): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([key]) => key !== '$schema' && key !== '$id',
    ),
  );
}
