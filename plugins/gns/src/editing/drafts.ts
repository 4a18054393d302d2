import { z } from 'zod';
import { type StorageApi } from '@backstage/frontend-plugin-api';

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
export type DraftStorage = Pick<
  StorageApi,
  'snapshot' | 'observe$' | 'set' | 'remove'
>;

/** A storage in the network that does not answer: editing goes on without it. */
const ANSWER_MS = 3000;

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
  async read(subject: string): Promise<Draft | undefined> {
    const key = this.#key(subject);
    const now = this.#storage.snapshot(key);
    const value =
      now.presence === 'unknown' ? await this.#answer(key) : now.value;
    const found = draftSchema.safeParse(value);
    return found.success ? found.data : undefined;
  }

  /** What a storage in the network says, once it does. */
  #answer(key: string): Promise<unknown> {
    return new Promise(resolve => {
      const subscription = this.#storage.observe$(key).subscribe({
        next: ({ presence, value }) => {
          if (presence !== 'unknown') resolve(value);
        },
        error: () => resolve(undefined),
      });
      setTimeout(() => resolve(undefined), ANSWER_MS);
      // Unsubscribing inside of `next` comes before `subscription` is there.
      setTimeout(() => subscription.unsubscribe(), ANSWER_MS);
    });
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
