import {
  parseDefinition,
  refOf,
  type Problem,
  type ServiceLevelObjective,
  type SloPreview,
} from '@isthmus/plugin-gns-common';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import { Book } from './Book';
import { isObjective } from './checkObjectives';
import { detailOf } from './details';
import { pastShares } from './pastShares';
import { refreshBooks } from './refreshBooks';
import { simulateAlerts } from './simulateAlerts';
import type { SloService } from './SloService';
import { isoOf, summaryOf } from './summaries';
import { QUARTER } from './windows';

/** A proposed objective, read and checked as a write would. */
export function readProposal(
  document: unknown,
):
  | { definition: ServiceLevelObjective; problems: Problem[] }
  | { definition?: undefined; problems: Problem[] } {
  const parsed = parseDefinition(document);
  if (!parsed.ok) return { problems: parsed.problems };
  if (isObjective(parsed.definition)) {
    return { definition: parsed.definition, problems: parsed.warnings };
  }
  return {
    problems: [
      {
        severity: 'error',
        code: 'no-objective',
        path: 'kind',
        value: JSON.stringify(parsed.definition.kind),
        message: 'Only objectives can be tried on the past.',
        remedy: 'Send a ServiceLevelObjective.',
      },
    ],
  };
}

/** Judges a proposed objective over the stored past. Writes nothing. */
export async function previewOf(
  service: SloService,
  definition: ServiceLevelObjective,
  problems: readonly Problem[],
): Promise<SloPreview> {
  const { reader } = service;
  const newest = await reader.newest();
  const stored = await service.definitions.get(refOf(definition));
  const book = new Book(
    proposed(definition, stored, service.now()),
    definition,
    newest,
  );
  await refreshBooks(
    reader,
    [book],
    { newest, oldest: await reader.oldest(QUARTER) },
    [],
  );
  book.evaluate(newest);
  const summary = summaryOf(book, {
    kept: undefined,
    culprits: undefined,
    owner: definition.metadata.owner,
    evaluatedTo: newest,
  });
  const { detail, past } = await detailOf(service, book, summary);
  return {
    problems: [...problems],
    detail: stored ? detail : { ...detail, events: [] },
    past: book.tracks.map((_, i) => pastShares(book, past, i)),
    alerts: simulateAlerts(book, past),
  };
}

function proposed(
  definition: ServiceLevelObjective,
  stored: DefinitionRecord | undefined,
  now: number,
): DefinitionRecord {
  const at = isoOf(now / 1000);
  return {
    definition: definition as unknown as DefinitionRecord['definition'],
    generation: (stored?.generation ?? 0) + 1,
    createdAt: at,
    updatedAt: at,
    updatedBy: '',
    createdOrder: 0,
  };
}
