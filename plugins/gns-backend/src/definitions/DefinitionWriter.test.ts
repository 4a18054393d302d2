import { mockServices } from '@backstage/backend-test-utils';
import { findKind, type Definition } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { DatabaseDefinitionStore } from './DatabaseDefinitionStore';
import { DefinitionWriter } from './DefinitionWriter';
import { referringTo } from './referringTo';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const SHOP = { kind: 'GlobalNamespace', name: 'shop' };
const JO = { actor: 'user:default/jo', message: '' };
const document = (name: string) => ({
  apiVersion: 'gns.isthmus.dev/v1',
  kind: 'GlobalNamespace',
  metadata: { name },
  spec: { domain: 'taken.gns.internal' },
});

describe.each(databases.eachSupportedId())('DefinitionWriter on %s', id => {
  it('a listener that fails does not undo what is committed', async () => {
    const knex = await migratedDatabase(databases, id);
    const store = DatabaseDefinitionStore.create({ knex });
    const logger = mockServices.logger.mock();
    const writer = DefinitionWriter.create({
      store,
      logger,
      checker: { check: async () => [] },
      listener: {
        definitionsChanged: () => {
          throw new Error('no one listens');
        },
      },
    });
    const { result } = await writer.put(
      SHOP,
      document('shop'),
      { type: 'absent' },
      JO,
    );
    expect(result).toBe('created');
    expect(await store.get(SHOP)).toBeDefined();
    expect(logger.error).toHaveBeenCalledTimes(1);
    await knex.destroy();
  });

  it('of two replicas that claim one domain at once, one is refused', async () => {
    const knex = await migratedDatabase(databases, id);
    const replica = () => {
      const store = DatabaseDefinitionStore.create({ knex });
      return DefinitionWriter.create({
        store,
        logger: mockServices.logger.mock(),
        listener: { definitionsChanged: () => {} },
        checker: {
          check: async ({ definitions }) => {
            const others = await store.list();
            return others
              .filter(
                ({ definition }) =>
                  definition.metadata.name !== definitions[0].metadata.name &&
                  definition.spec.domain === definitions[0].spec.domain,
              )
              .map(() => ({
                severity: 'error',
                code: 'domain-taken',
                path: 'spec.domain',
                message: 'The domain is taken.',
                remedy: 'Choose another.',
              }));
          },
        },
      });
    };
    for (let round = 0; round < 5; round += 1) {
      const outcomes = await Promise.allSettled(
        ['a', 'b', 'c'].map(name =>
          replica().put(
            { ...SHOP, name },
            document(name),
            { type: 'absent' },
            JO,
          ),
        ),
      );
      expect(outcomes.map(o => o.status).sort()).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
      ]);
      expect(
        outcomes.flatMap(o => (o.status === 'rejected' ? [o.reason.name] : [])),
      ).toEqual(['InvalidDefinitionError', 'InvalidDefinitionError']);
      await knex('gns_definitions').delete();
    }
    await knex.destroy();
  });
});

describe('referringTo', () => {
  const route = (gns: string, name: string): Definition => ({
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'TrafficRoute',
    metadata: { name, gns, labels: {} },
    spec: {},
  });

  it('finds what belongs to a global namespace, and not the namespace itself', () => {
    const shop: Definition = {
      ...document('shop'),
      metadata: { name: 'shop', labels: {} },
    };
    const all = [shop, route('shop', 'a'), route('other', 'shop')];
    expect(referringTo(SHOP, all)).toEqual(['TrafficRoute:shop/a']);
    expect(
      referringTo({ kind: 'TrafficRoute', gns: 'shop', name: 'a' }, all),
    ).toEqual([]);
  });

  it('finds what a kind says that it refers to', () => {
    const kind = findKind('GlobalNamespace')!;
    const shop: Definition = {
      ...document('shop'),
      metadata: { name: 'shop', labels: {} },
    };
    const original = kind.references;
    kind.references = () => ['TrafficRoute:x/y'];
    try {
      expect(
        referringTo({ kind: 'TrafficRoute', gns: 'x', name: 'y' }, [shop]),
      ).toEqual(['GlobalNamespace:shop']);
    } finally {
      kind.references = original;
    }
  });
});
