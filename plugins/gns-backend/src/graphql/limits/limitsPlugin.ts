import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  type DocumentNode,
  type ExecutionArgs,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { measure, type Measure } from './measure';

/** Words and signs of a document. The introspection of GraphQL tools has about 300. */
export const MAX_TOKENS = 2000;
/** Fields within fields. */
export const MAX_DEPTH = 16;
/** Values in the answer, and the work behind them in the same unit. */
export const MAX_COST = 250_000;
/** Points of series, all of a request together. */
export const MAX_POINTS = 20_000;
/** Aliases of one document: renaming a field is no reason to compute it a hundred times. */
export const MAX_ALIASES = 100;

const number = new Intl.NumberFormat('en');

function refuse(code: string, message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, http: { status: 400 } },
  });
}

function countAliases(document: DocumentNode): number {
  let count = 0;
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(walk);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const {
      kind,
      alias,
      loc: _loc,
      ...children
    } = node as {
      kind?: string;
      alias?: unknown;
      loc?: unknown;
    };
    if (kind === Kind.FIELD && alias) count += 1;
    Object.values(children).forEach(walk);
  };
  walk(document.definitions);
  return count;
}

function parseShort(source: Parameters<typeof parse>[0], options: object) {
  try {
    return parse(source, { ...options, maxTokens: MAX_TOKENS });
  } catch (error) {
    // The parser calls itself for each level of nesting.
    if (!(error instanceof RangeError)) throw error;
    throw refuse('TOO_DEEP', 'The query is nested too deeply to be read');
  }
}

/** What is wrong with the size of an operation; undefined: nothing. */
export function refusalOf({ cost, depth, points }: Measure) {
  if (depth > MAX_DEPTH) {
    return refuse(
      'TOO_DEEP',
      `The query is ${depth} fields deep; at most ${MAX_DEPTH} are answered. Ask for the inner objects by their names instead`,
    );
  }
  if (points > MAX_POINTS) {
    return refuse(
      'TOO_MANY_POINTS',
      `The series of the query have up to ${number.format(
        points,
      )} points; at most ${number.format(
        MAX_POINTS,
      )} are answered at once. Take a longer step or a shorter range, or ask for fewer series`,
    );
  }
  if (cost > MAX_COST) {
    return refuse(
      'TOO_COSTLY',
      `The query costs up to ${number.format(cost)}; at most ${number.format(
        MAX_COST,
      )} are answered. Ask for fewer fields, or for shorter pages with first and after`,
    );
  }
  return undefined;
}

/** @returns why the operation is refused; undefined: it is answered */
function checkOperation(args: ExecutionArgs): GraphQLError | undefined {
  const operation = getOperationAST(args.document, args.operationName);
  if (!operation) return undefined;
  const variables = getVariableValues(
    args.schema,
    operation.variableDefinitions ?? [],
    args.variableValues ?? {},
    { maxErrors: 10 },
  );
  // Execution tells what is wrong with them.
  if (variables.errors) return undefined;
  return refusalOf(
    measure(args.schema, args.document, operation, variables.coerced),
  );
}

/** Refuses what would cost too much, before any of it is computed. */
export function limitsPlugin(
  describe: (error: unknown) => GraphQLError,
): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: Parameters<typeof parse>[0], options: object) =>
        parseShort(source, options),
      );
    },
    onValidate({ params, setResult }) {
      const aliases = countAliases(params.documentAST as DocumentNode);
      if (aliases > MAX_ALIASES) {
        setResult([
          refuse(
            'TOO_MANY_ALIASES',
            `The query has ${aliases} aliases; at most ${MAX_ALIASES} are answered. Ask for lists instead`,
          ),
        ]);
      }
    },
    onExecute({ args, setResultAndStopExecution }) {
      try {
        const refusal = checkOperation(args as ExecutionArgs);
        if (refusal) setResultAndStopExecution({ errors: [refusal] });
      } catch (error) {
        setResultAndStopExecution({ errors: [describe(error)] });
      }
    },
  };
}
