import {
  getArgumentValues,
  getNamedType,
  isLeafType,
  isListType,
  getNullableType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a field costs, by its arguments. */
export interface FieldCost {
  /** Work of the field itself; 1 unless told. */
  readonly own?: number;
  /** How many of what is below it there will be, at most. */
  readonly items?: number;
  /** Points of series that it computes. */
  readonly points?: number;
}
export type CostOf = (args: Record<string, any>) => FieldCost;

/** Size of an answer, before it is made: an upper bound. */
export interface Measure {
  /** Values in the answer, and the work behind them in the same unit. */
  readonly cost: number;
  readonly depth: number;
  readonly points: number;
}

const NOTHING: Measure = { cost: 0, depth: 0, points: 0 };
/** Items of lists that tell no length. */
const USUAL_ITEMS = 10;

function beside(a: Measure, b: Measure): Measure {
  return {
    cost: a.cost + b.cost,
    depth: Math.max(a.depth, b.depth),
    points: a.points + b.points,
  };
}

function isConnection(type: GraphQLNamedType): boolean {
  return type.name.endsWith('Connection');
}

class Measurer {
  readonly #schema: GraphQLSchema;
  readonly #variables: Record<string, unknown>;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Each fragment is measured once, so that fragments in fragments cost no time. */
  readonly #measured = new Map<string, Measure>();

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Record<string, unknown>,
  ) {
    this.#schema = schema;
    this.#variables = variables;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  selection(set: SelectionSetNode, type: GraphQLObjectType): Measure {
    let sum = NOTHING;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        // Introspection has a limit of its own, and no data behind it.
        if (node.name.value.startsWith('__')) {
          sum = beside(sum, { cost: 1, depth: 1, points: 0 });
          continue;
        }
        const field = type.getFields()[node.name.value];
        if (!field) continue;
        sum = beside(sum, this.#field(field, node, type));
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        const name = node.typeCondition?.name.value;
        sum = beside(
          sum,
          this.selection(node.selectionSet, this.#as(name, type)),
        );
      } else {
        sum = beside(sum, this.#fragment(node.name.value, type));
      }
    }
    return sum;
  }

  #as(name: string | undefined, type: GraphQLObjectType): GraphQLObjectType {
    const found = name === undefined ? type : this.#schema.getType(name);
    return isObjectType(found) ? found : type;
  }

  #fragment(name: string, type: GraphQLObjectType): Measure {
    const known = this.#measured.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return NOTHING;
    // Cycles were refused by validation; should one come through, it ends here.
    this.#measured.set(name, NOTHING);
    const measured = this.selection(
      fragment.selectionSet,
      this.#as(fragment.typeCondition.name.value, type),
    );
    this.#measured.set(name, measured);
    return measured;
  }

  #field(
    field: GraphQLField<unknown, unknown>,
    node: Parameters<typeof getArgumentValues>[1] & {
      selectionSet?: SelectionSetNode;
    },
    parent: GraphQLObjectType,
  ): Measure {
    const type = getNamedType(field.type);
    const { cost } = field.extensions as { cost?: CostOf };
    const args = getArgumentValues(field, node, this.#variables);
    const { own = 1, items, points = 0 } = cost?.(args) ?? {};
    if (isLeafType(type) || !node.selectionSet || !isObjectType(type)) {
      return { cost: own, depth: 1, points };
    }
    const below = this.selection(node.selectionSet, type);
    // The connection was multiplied by its length already.
    const inList = isListType(getNullableType(field.type));
    const usual = inList && !isConnection(parent) ? USUAL_ITEMS : 1;
    const times = items ?? usual;
    return {
      cost: own + times * below.cost,
      depth: 1 + below.depth,
      points: points + times * below.points,
    };
  }
}

/**
 * Measures an operation of a validated document.
 * @param variables - coerced, with their defaults
 * @throws GraphQLError, InputError for arguments that cannot be
 */
export function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Measure {
  const root = schema.getRootType(operation.operation);
  if (!root) return NOTHING;
  return new Measurer(schema, document, variables).selection(
    operation.selectionSet,
    root,
  );
}
