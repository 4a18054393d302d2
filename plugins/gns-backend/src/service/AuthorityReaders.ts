import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Definition } from '@isthmus/plugin-gns-common';
import { notFound } from '../authority/RotationService';
import type { AuthorityStore } from '../authority/store/AuthorityStore';
import type { HubContext } from './HubContext';

const KIND = 'GlobalNamespace';

/**
 * Whose authorities a caller may see, beside the permissions of authorities:
 * those of definitions that the caller may read. Of a deleted definition its
 * last state decides; where there never was one (an authority can be imported
 * first), they are for who may read all definitions.
 */
export class AuthorityReaders {
  readonly #hub: Pick<HubContext, 'authorizer' | 'definitions'>;
  readonly #store: Pick<AuthorityStore, 'read' | 'list'>;

  constructor(options: {
    hub: Pick<HubContext, 'authorizer' | 'definitions'>;
    store: Pick<AuthorityStore, 'read' | 'list'>;
  }) {
    this.#hub = options.hub;
    this.#store = options.store;
  }

  /**
   * @returns the definition; undefined when there is none now
   * @throws NotFoundError when the caller may not read it
   */
  async require(
    credentials: BackstageCredentials,
    name: string,
  ): Promise<Definition | undefined> {
    const { authorizer, definitions } = this.#hub;
    const ref = { kind: KIND, name };
    const found = (await definitions.get(ref))?.definition;
    const last = found ?? (await definitions.lastState(ref));
    if (last) {
      await authorizer.require(credentials, 'read', ref, { definition: last });
    } else if (
      (await authorizer.readable(credentials)).type !== 'all' &&
      (await this.#store.read(name))
    ) {
      throw notFound(name);
    }
    return found;
  }

  /** By the same rule, for lists. */
  async readable(
    credentials: BackstageCredentials,
  ): Promise<(gns: string) => boolean> {
    const { authorizer, definitions } = this.#hub;
    const mayRead = await authorizer.readablePredicate(credentials);
    const { type } = await authorizer.readable(credentials);
    const live = new Map(
      (await definitions.list({ kind: KIND })).map(
        r => [r.definition.metadata.name, r.definition] as const,
      ),
    );
    const visible = new Set<string>();
    for (const { gns: name } of await this.#store.list()) {
      const last =
        live.get(name) ?? (await definitions.lastState({ kind: KIND, name }));
      if (last ? mayRead(last) : type === 'all') visible.add(name);
    }
    return gns => visible.has(gns);
  }
}
