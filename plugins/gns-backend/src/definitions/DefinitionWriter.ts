import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  findKind,
  formatRef,
  parseDefinition,
  refOf,
  showValue,
  type Definition,
  type DefinitionRef,
  type Problem,
} from '@isthmus/plugin-gns-common';
import { InvalidDefinitionError } from '../service/errors';
import { assertPrecondition } from './assertPrecondition';
import {
  DefinitionsChangedError,
  type DatabaseDefinitionStore,
} from './DatabaseDefinitionStore';
import type {
  DefinitionChecker,
  DefinitionListener,
  DefinitionRecord,
  Precondition,
  WriteContext,
} from './DefinitionStore';
import { referringTo } from './referringTo';

/** How often a check is repeated when other definitions change meanwhile. */
const ATTEMPTS = 8;

/** What the writer needs of the store. */
export type WritableDefinitionStore = Pick<
  DatabaseDefinitionStore,
  'basis' | 'get' | 'list' | 'put' | 'delete'
>;

/** The one way by which definitions change: parse, check, write, tell. */
export class DefinitionWriter {
  readonly #store: WritableDefinitionStore;
  readonly #checker: DefinitionChecker;
  readonly #listener: DefinitionListener;
  readonly #logger: LoggerService;

  private constructor(options: {
    store: WritableDefinitionStore;
    checker: DefinitionChecker;
    listener: DefinitionListener;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#checker = options.checker;
    this.#listener = options.listener;
    this.#logger = options.logger;
  }

  static create(options: {
    store: WritableDefinitionStore;
    checker: DefinitionChecker;
    listener: DefinitionListener;
    logger: LoggerService;
  }) {
    return new DefinitionWriter(options);
  }

  /**
   * Creates or replaces what `ref` names by an untrusted document.
   * @throws InvalidDefinitionError with every problem found
   * @throws PreconditionFailedError when the precondition does not hold
   */
  async put(
    ref: DefinitionRef,
    document: unknown,
    precondition: Precondition,
    context: WriteContext,
  ): Promise<{
    result: 'created' | 'updated' | 'unchanged';
    record: DefinitionRecord;
    warnings: Problem[];
  }> {
    const parsed = parseDefinition(document);
    if (!parsed.ok) throw InvalidDefinitionError.of(parsed.problems);
    const { definition } = parsed;
    refuseErrors(otherThan(ref, definition));

    return this.#onUnchangedBasis(async basis => {
      const previous = await this.#store.get(ref);
      assertPrecondition(ref, previous?.generation, precondition);
      const problems = distinct([
        ...parsed.warnings,
        ...(previous
          ? findKind(definition.kind)?.checkChange?.(
              previous.definition,
              definition,
            ) ?? []
          : []),
        ...(await this.#checker.check({
          definitions: [definition],
          deletions: [],
        })),
      ]);
      refuseErrors(problems);
      const { result, record } = await this.#store.put(
        definition,
        precondition,
        { ...context, basis },
      );
      if (result !== 'unchanged') this.#tell(ref, context);
      return { result, record, warnings: problems };
    });
  }

  /**
   * @throws ConflictError while other definitions refer to it, with their names
   * @throws NotFoundError, PreconditionFailedError, InvalidDefinitionError
   */
  async delete(
    ref: DefinitionRef,
    generation: number,
    context: WriteContext,
  ): Promise<{ warnings: Problem[] }> {
    return this.#onUnchangedBasis(async basis => {
      const previous = await this.#store.get(ref);
      assertPrecondition(ref, previous?.generation, {
        type: 'generation',
        generation,
      });
      const all = await this.#store.list();
      const referring = referringTo(
        ref,
        all.map(record => record.definition),
      );
      if (referring.length > 0) {
        throw new ConflictError(
          `${formatRef(ref)} is still referred to by ${referring.join(
            ', ',
          )}. Delete or change these first.`,
        );
      }
      const problems = await this.#checker.check({
        definitions: [],
        deletions: [ref],
      });
      refuseErrors(problems);
      await this.#store.delete(ref, generation, { ...context, basis });
      this.#tell(ref, context);
      return { warnings: problems };
    });
  }

  /** Repeats check and write until no other definition changed between the two. */
  async #onUnchangedBasis<T>(work: (basis: number) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(await this.#store.basis());
      } catch (error) {
        const overtaken = error instanceof DefinitionsChangedError;
        if (!overtaken || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  #tell(ref: DefinitionRef, { plan }: WriteContext) {
    try {
      this.#listener.definitionsChanged({
        refs: [ref],
        ...(plan ? { plan } : {}),
      });
    } catch (error) {
      // The change is committed: who sent it must not be told otherwise.
      this.#logger.error(
        `Nobody could be told that ${formatRef(ref)} changed`,
        error instanceof Error ? error : { error: String(error) },
      );
    }
  }
}

function refuseErrors(problems: readonly Problem[]) {
  if (problems.some(problem => problem.severity === 'error')) {
    throw InvalidDefinitionError.of(problems);
  }
}

/** The same statement may come from the kind and from the checker. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Map(
    problems.map(problem => [
      `${problem.code} ${problem.path} ${problem.message}`,
      problem,
    ]),
  );
  return [...seen.values()];
}

function otherThan(ref: DefinitionRef, definition: Definition): Problem[] {
  const found = refOf(definition);
  const parts: Array<[string, string | undefined, string | undefined]> = [
    ['kind', ref.kind, found.kind],
    ['metadata.gns', ref.gns, found.gns],
    ['metadata.name', ref.name, found.name],
  ];
  return parts
    .filter(([, wanted, given]) => wanted !== given)
    .map(([path, wanted, given]) => ({
      severity: 'error',
      code: 'path-differs',
      path,
      value: showValue(given),
      message:
        wanted === undefined
          ? 'The URL names no global namespace, the document does.'
          : `The URL says ${showValue(wanted)}.`,
      remedy: 'Let URL and document name the same definition.',
    }));
}
