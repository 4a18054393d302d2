import { z } from 'zod';

/** What somebody has written and not yet brought into force. */
export const draftSchema = z.strictObject({
  text: z.string().max(300_000),
  /** What the text began from; null: nothing, it creates. */
  base: z
    .strictObject({
      generation: z.number().int().positive(),
      text: z.string().max(300_000),
    })
    .nullable(),
  savedAt: z.iso.datetime(),
});
export type Draft = z.infer<typeof draftSchema>;

/** Somewhere to keep values: the storage of the portal, one bucket of it. */
export interface DraftStorage {
  snapshot(key: string): { presence: string; value?: unknown };
  set(key: string, value: Draft): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Drafts of one person. What is stored is foreign until it was read. */
export class Drafts {
  readonly #storage: DraftStorage;
  readonly #person: string;

  /** @param person - entity reference, so that nobody sees another's draft in a shared browser */
  constructor(storage: DraftStorage, person: string) {
    this.#storage = storage;
    this.#person = person;
  }

  /** @param subject - `GlobalNamespace:shop`, or a name for what has none yet */
  read(subject: string): Draft | undefined {
    const found = draftSchema.safeParse(
      this.#storage.snapshot(this.#key(subject)).value,
    );
    return found.success ? found.data : undefined;
  }

  write(subject: string, draft: Draft): Promise<void> {
    return this.#storage.set(this.#key(subject), draft);
  }

  forget(subject: string): Promise<void> {
    return this.#storage.remove(this.#key(subject));
  }

  #key(subject: string): string {
    return `${this.#person} ${subject}`.replaceAll('/', '~');
  }
}
