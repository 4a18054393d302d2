import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLError, Kind } from 'graphql';
import type { CallerView } from './CallerView';
import type { CostOf } from './limits/measure';

/** What resolvers work with. */
export interface GraphqlContext {
  readonly caller: CallerView;
}

export interface SchemaTypes {
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { totalCount: number };
  Scalars: {
    DateTime: { Input: string; Output: string };
    JSON: { Input: never; Output: unknown };
  };
}

export type Builder = ReturnType<typeof createBuilder>;

/** Says what a field costs beside what is selected below it. */
export const costs = (cost: CostOf) => ({ cost });

/** RFC 3339 as it is written: never a Date, so that nothing is shifted. */
const RFC_3339 =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function readDateTime(value: unknown): string {
  if (
    typeof value !== 'string' ||
    !RFC_3339.test(value) ||
    Number.isNaN(Date.parse(value))
  ) {
    throw new GraphQLError(
      'is no time: write RFC 3339, for example "2026-02-28T12:00:00Z"',
    );
  }
  return value;
}

/** An empty schema with scalars and connections. */
export function createBuilder() {
  const builder = new SchemaBuilder<SchemaTypes>({
    plugins: [RelayPlugin],
    defaultFieldNullability: false,
    relay: {
      cursorType: 'String',
      edgesFieldOptions: { nullable: { list: false, items: false } },
      nodeFieldOptions: { nullable: false },
      nodesOnConnection: true,
      nodeQueryOptions: false,
      nodesQueryOptions: false,
      nodeTypeOptions: {},
      pageInfoTypeOptions: {},
      mutationInputArgOptions: {},
      clientMutationIdInputOptions: {},
      clientMutationIdFieldOptions: {},
      cursorFieldOptions: {},
      pageInfoFieldOptions: {},
      hasNextPageFieldOptions: {},
      hasPreviousPageFieldOptions: {},
      startCursorFieldOptions: {},
      endCursorFieldOptions: {},
      beforeArgOptions: {},
      afterArgOptions: {},
      firstArgOptions: {},
      lastArgOptions: {},
      defaultConnectionTypeOptions: {},
      defaultEdgeTypeOptions: {},
      defaultPayloadTypeOptions: {},
      defaultMutationInputTypeOptions: {},
    },
  });
  builder.scalarType('DateTime', {
    description: 'RFC 3339, for example `2026-02-28T12:00:00Z`.',
    serialize: value => value,
    parseValue: readDateTime,
    parseLiteral: node =>
      readDateTime(node.kind === Kind.STRING ? node.value : undefined),
  });
  builder.scalarType('JSON', {
    description: 'A document as it is written.',
    serialize: value => value,
    parseValue: () => {
      throw new GraphQLError('is read only');
    },
  });
  builder.globalConnectionField('totalCount', t =>
    t.int({
      description: 'All of the list, over all pages.',
      resolve: connection => connection.totalCount,
    }),
  );
  return builder;
}
