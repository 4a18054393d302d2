import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { createComposer, DEFAULT_COMPOSITION_OPTIONS } from '../composition';
import { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { migratedDatabase } from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { readAddressRange } from './addresses';
import { Reconciliation } from './Reconciliation';

describe('Reconciliation', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3'],
    disableDocker: true,
  });

  async function started() {
    const knex = await migratedDatabase(databases, 'SQLITE_3');
    const counter = { runs: 0 };
    const reconciliation = Reconciliation.create({
      knex,
      definitions: DatabaseDefinitionStore.create({
        knex,
        now: () => new Date(),
      }),
      compose: createComposer(),
      addressRange: readAddressRange('240.16.0.0/12'),
      compositionOptions: DEFAULT_COMPOSITION_OPTIONS,
      logger: mockServices.logger.mock(),
      now: Date.now,
      onChange: () => {},
      onDuration: () => {
        counter.runs += 1;
      },
    });
    reconciliation.trigger();
    await reconciliation.settled();
    expect(counter.runs).toBe(1);
    return { reconciliation, counter };
  }

  it('looks once for many reports that come together', async () => {
    const { reconciliation, counter } = await started();
    for (let report = 0; report < 100; report += 1) {
      reconciliation.triggerSoon();
    }
    await eventually(() => expect(counter.runs).toBe(2));
    await reconciliation.stop();
    expect(counter.runs).toBe(2);
  });

  it('looks again for a report that came during a run', async () => {
    const { reconciliation, counter } = await started();
    reconciliation.trigger();
    reconciliation.triggerSoon();
    await reconciliation.settled();
    expect(counter.runs).toBe(2);
    await eventually(() => expect(counter.runs).toBe(3));
    await reconciliation.stop();
  });

  it('looks at once for an edit, which answers for the reports before it', async () => {
    const { reconciliation, counter } = await started();
    reconciliation.triggerSoon();
    reconciliation.trigger();
    await reconciliation.settled();
    expect(counter.runs).toBe(2);
    reconciliation.triggerSoon();
    await eventually(() => expect(counter.runs).toBe(3));
    await reconciliation.stop();
  });
});
