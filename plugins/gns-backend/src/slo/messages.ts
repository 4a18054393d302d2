import type { NotificationPayload } from '@backstage/plugin-notifications-common';
import { formatRef, parseRef } from '@isthmus/plugin-gns-common';
import type { Severity } from './alertPolicy';
import type { Book } from './Book';

/** What the portal's notifications show; the scope is the same for an alert and its end. */
export type AlertMessage = NotificationPayload & { scope: string };

const URGENCY = { page: 'critical', ticket: 'high' } as const;
const KIND = { page: 'Page', ticket: 'Ticket' } as const;

const base = (ref: string, severity: Severity) => {
  const { gns, name } = parseRef(ref);
  return {
    scope: `gns-slo:${ref}:${severity}`,
    topic: 'Service level objectives',
    link: `/gns/${gns}/slos/${name}`,
  };
};

export function firedMessage(book: Book, severity: Severity): AlertMessage {
  const { rules, combined, secondsToExhaustion } = book.evaluation;
  const burning = rules.readings.filter(
    r => r.state === 'burning' && r.rule.severity === severity,
  );
  const burn = Math.max(...burning.map(r => r.longBurn ?? 0), 0);
  const left =
    combined.consumed === null
      ? 'How much of the budget is left is not known'
      : `${percent(1 - combined.consumed)} of the budget is left`;
  const end =
    secondsToExhaustion === null || secondsToExhaustion === 0
      ? ''
      : `; at this rate for ${roughly(secondsToExhaustion)} at least`;
  return {
    ...base(formatRef(book.ref), severity),
    severity: URGENCY[severity],
    title: `${KIND[severity]}: ${titleOf(book)} burns its budget ${burn.toFixed(
      1,
    )} times too fast`,
    description: `${left}${end}. Services: ${book.spec.services.join(
      ', ',
    )} in ${book.gns}.`,
  };
}

/** @param book - undefined: the objective was deleted */
export function resolvedMessage(
  ref: string,
  severity: Severity,
  book: Book | undefined,
): AlertMessage {
  const over = !book || !book.spec.alerts[severity];
  return {
    ...base(ref, severity),
    severity: 'low',
    title: `Over: ${book ? titleOf(book) : parseRef(ref).name} ${
      over ? 'is not watched any more' : 'burns no more than its budget allows'
    }`,
    description: book
      ? `The alert (${severity}) ended.`
      : `The objective was deleted, and its alert (${severity}) with it.`,
  };
}

function titleOf({ record, ref }: Book): string {
  return record.definition.metadata.title ?? `${ref.gns}/${ref.name}`;
}

function percent(value: number): string {
  const shown = value * 100;
  return `${Math.abs(shown) >= 10 ? shown.toFixed(0) : shown.toFixed(1)} %`;
}

function roughly(seconds: number): string {
  const hours = seconds / 3600;
  if (hours < 1) return `${Math.max(1, Math.round(seconds / 60))} minutes`;
  return hours < 48
    ? `${Math.round(hours)} hours`
    : `${Math.round(hours / 24)} days`;
}
