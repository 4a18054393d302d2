import type { Knex } from 'knex';
import type {
  AuditEntry,
  Definition,
  DefinitionRef,
  Problem,
  Revision,
  StoredDefinition,
} from '@isthmus/plugin-gns-common';

/** A definition as the store keeps it: the REST shape, typed, with its order of creation. */
export interface DefinitionRecord extends Omit<StoredDefinition, 'definition'> {
  definition: Definition;
  /** Grows with every creation, never used twice. */
  createdOrder: number;
}

/** Who writes, and why. */
export interface WriteContext {
  /** `user:default/jo`, `service:scaffolder`. */
  actor: string;
  /** Why, for the history; may be empty. */
  message: string;
  /** Hash of the confirmed plan, when one was confirmed. */
  plan?: string;
  /** The rollout on whose behalf it is written: others' writes wait until that is over. */
  rollout?: string;
  /** What else has to be written with it or not at all; the write is undone when it throws. */
  together?: (
    trx: Knex,
    written: {
      generation: number;
      /** What stood before; undefined: nothing. */
      former: DefinitionRecord | undefined;
    },
  ) => Promise<void>;
}

/** What a write expects to find. */
export type Precondition =
  | { type: 'absent' }
  | { type: 'generation'; generation: number };

/** An entry to append to the hash-chained audit. */
export interface AuditInput {
  actor: string;
  action: string;
  /** What it was done to: `GlobalNamespace:shop`, `cluster:eu-1`, `hold:…`. */
  subject: string;
  message: string;
  /** Plain facts, never secrets. */
  details?: Record<string, unknown>;
}

/** One store for all kinds. Every write is one transaction: row, revision, audit. */
export interface DefinitionStore {
  /** All definitions, ordered by kind, gns, name; `after` is the last reference of the page before. */
  list(filter?: {
    kind?: string;
    gns?: string;
    after?: DefinitionRef;
    limit?: number;
    trx?: Knex;
  }): Promise<DefinitionRecord[]>;

  get(ref: DefinitionRef, trx?: Knex): Promise<DefinitionRecord | undefined>;

  /**
   * Creates or replaces. An equal document changes nothing (`unchanged`).
   * @throws PreconditionFailedError (412) when the precondition does not hold.
   */
  put(
    definition: Definition,
    precondition: Precondition,
    context: WriteContext,
  ): Promise<{
    result: 'created' | 'updated' | 'unchanged';
    record: DefinitionRecord;
  }>;

  /** @throws PreconditionFailedError, NotFoundError */
  delete(
    ref: DefinitionRef,
    generation: number,
    context: WriteContext,
  ): Promise<void>;

  /** Newest first, 100 unless told; kept after deletion. `intact` tells whether the hash chain holds. */
  revisions(
    ref: DefinitionRef,
    page?: { before?: number; limit?: number },
  ): Promise<{ items: Revision[]; intact: boolean }>;

  /** The definition as it stands, or as it stood last before its deletion. */
  lastState(ref: DefinitionRef): Promise<Definition | undefined>;

  /** Appends to the audit, in the caller's transaction where given. */
  audit(entry: AuditInput, trx?: Knex): Promise<void>;
  listAudit(options: {
    subject?: string;
    before?: number;
    limit: number;
  }): Promise<AuditEntry[]>;
}

/**
 * Checks definitions against each other and against the clusters: overlapping
 * members, taken and nested domains, public suffixes, matchers that match
 * nothing. Implemented by the hub's planner.
 */
export interface DefinitionChecker {
  check(change: {
    definitions: readonly Definition[];
    deletions: readonly DefinitionRef[];
  }): Promise<Problem[]>;
}

/** Told after every committed write. */
export interface DefinitionListener {
  definitionsChanged(change: {
    refs: readonly DefinitionRef[];
    plan?: string;
  }): void;
}
