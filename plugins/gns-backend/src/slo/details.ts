import {
  formatRef,
  type Revision,
  type SloDetail,
  type SloEvent,
  type SloSummary,
} from '@isthmus/plugin-gns-common';
import type { Book } from './Book';
import { readEvents, type StoredEvent } from './eventRows';
import { latencyOf } from './latency';
import { objectivesOf, partsOf } from './parts';
import { dataFrom, readPast, type Past } from './past';
import { burnDownOf, heatMapOf } from './pictures';
import type { SloService } from './SloService';
import { isoOf } from './summaries';
import { QUARTER } from './windows';

/** More changes of a definition than a chart can mark. */
const MOST_REVISIONS = 100;
/** Fields that change no number of the past. */
const NO_JUDGEMENT = /^(metadata|spec\.(purpose|alerts))\b/;

/** All about one objective. `objective`: which one the slices are of; the worst by default. */
export async function detailOf(
  service: Pick<SloService, 'reader' | 'knex' | 'definitions'>,
  book: Book,
  summary: SloSummary,
  options: { objective?: string } = {},
): Promise<{ detail: SloDetail; past: Past }> {
  const { reader } = service;
  const { evaluation, spec } = book;
  const past = await readPast(reader, book, {
    oldest: await reader.oldest(QUARTER),
  });
  const named = book.tracks.findIndex(t => t.name === options.objective);
  const shown = named < 0 ? book.tracks.indexOf(evaluation.worst.track) : named;
  const known = dataFrom(past);
  const { description } = book.record.definition.metadata;
  const detail: SloDetail = {
    summary,
    ...(description ? { description } : {}),
    spec,
    objectives: objectivesOf(book, past.answers),
    rules: evaluation.rules.readings.map(({ rule, ...reading }) => ({
      severity: rule.severity,
      longSeconds: rule.longSeconds,
      shortSeconds: rule.shortSeconds,
      factor: rule.factor,
      ...reading,
    })),
    rulesDerived: evaluation.rules.policy.derived,
    rulesCapped: evaluation.rules.policy.capped,
    burnDown: burnDownOf(book, past),
    heatMap: heatMapOf(book, past, shown),
    latency: await latencyOf(reader, book, past.span),
    parts: partsOf(book, past, summary.silentClusters),
    events: await eventsOf(service, book),
    dataFrom: known === undefined ? null : isoOf(known),
  };
  return { detail, past };
}

async function eventsOf(
  { knex, definitions }: Pick<SloService, 'knex' | 'definitions'>,
  book: Book,
): Promise<SloEvent[]> {
  const { window } = book.evaluation;
  const stored = await readEvents(knex, {
    gns: book.gns,
    ref: formatRef(book.ref),
    services: book.spec.services,
    span: { from: window.from, to: window.until },
  });
  const { items } = await definitions.revisions(book.ref, {
    limit: MOST_REVISIONS,
  });
  return [
    ...stored.map(storedEvent),
    ...items
      .filter(({ at }) => Date.parse(at) / 1000 >= window.from)
      .map(definitionEvent),
  ].sort((a, b) => b.at.localeCompare(a.at));
}

function storedEvent({
  at,
  gns: _gns,
  ref: _ref,
  ...event
}: StoredEvent): SloEvent {
  return { at: isoOf(at), ...event };
}

function definitionEvent(revision: Revision): SloEvent {
  const { at, actor, message, action, generation, changes } = revision;
  const paths = changes.map(change => change.path);
  return {
    at,
    kind: 'definition',
    actor,
    title: message || `${action} (generation ${generation})`,
    paths,
    judgement: action !== 'update' || paths.some(p => !NO_JUDGEMENT.test(p)),
  };
}
