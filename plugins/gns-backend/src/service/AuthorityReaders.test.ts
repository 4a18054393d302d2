import { mockCredentials } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import type { Definition, DefinitionRef } from '@isthmus/plugin-gns-common';
import { AuthorityReaders } from './AuthorityReaders';

const definition = (name: string, owner: string) =>
  ({ metadata: { name, owner } } as Definition);

/** A caller who may read what `group:shop` owns, or everything. */
function readers(how: {
  live?: Definition[];
  deleted?: Definition[];
  authorities: string[];
  all?: boolean;
}) {
  const { live = [], deleted = [], authorities, all = false } = how;
  const mayRead = (d: Definition) => all || d.metadata.owner === 'group:shop';
  const named = (list: Definition[], name: string) =>
    list.find(d => d.metadata.name === name);
  return new AuthorityReaders({
    hub: {
      definitions: {
        get: async (ref: DefinitionRef) => {
          const found = named(live, ref.name);
          return found && { definition: found };
        },
        list: async () => live.map(found => ({ definition: found })),
        lastState: async (ref: DefinitionRef) =>
          named(live, ref.name) ?? named(deleted, ref.name),
      } as never,
      authorizer: {
        readable: async () =>
          all ? { type: 'all' } : { type: 'matching', criteria: {} },
        readablePredicate: async () => mayRead,
        require: async (
          _credentials: unknown,
          _action: string,
          _ref: unknown,
          found?: { definition: Definition },
        ) => {
          if (!found || !mayRead(found.definition)) throw new NotFoundError();
          return found;
        },
      } as never,
    },
    store: {
      list: async () => authorities.map(gns => ({ gns })),
      read: async (gns: string) =>
        authorities.includes(gns) ? { gns } : undefined,
    } as never,
  });
}

const CALLER = mockCredentials.user();

describe('AuthorityReaders', () => {
  const live = [
    definition('shop', 'group:shop'),
    definition('bank', 'group:bank'),
  ];
  const deleted = [
    definition('old-shop', 'group:shop'),
    definition('old-bank', 'group:bank'),
  ];
  const authorities = ['shop', 'bank', 'old-shop', 'old-bank', 'imported'];

  it('shows a caller the authorities of definitions that are or were theirs to read', async () => {
    const some = readers({ live, deleted, authorities });
    const visible = await some.readable(CALLER);
    expect(authorities.filter(visible)).toEqual(['shop', 'old-shop']);
    for (const name of authorities.filter(visible)) {
      await some.require(CALLER, name);
    }
    for (const name of authorities.filter(gns => !visible(gns))) {
      await expect(some.require(CALLER, name)).rejects.toThrow(NotFoundError);
    }
  });

  it('shows all of them to who may read all definitions', async () => {
    const every = readers({ live, deleted, authorities, all: true });
    const visible = await every.readable(CALLER);
    expect(authorities.filter(visible)).toEqual(authorities);
    for (const name of authorities) await every.require(CALLER, name);
  });

  it('answers the definition as it is now: none after its deletion', async () => {
    const some = readers({ live, deleted, authorities });
    expect(await some.require(CALLER, 'shop')).toBe(live[0]);
    expect(await some.require(CALLER, 'old-shop')).toBeUndefined();
  });

  it('lets a name be asked for that has neither definition nor authority', async () => {
    const some = readers({ authorities: [] });
    expect(await some.require(CALLER, 'new')).toBeUndefined();
  });
});
