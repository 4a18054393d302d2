import {
  SLO_STATES,
  type ServiceReference,
  type SloState,
  type SloSummary,
} from '@isthmus/plugin-gns-common';

/** Which objectives a list shall have; what is absent chooses all. */
export interface SloSelection {
  readonly gns?: string;
  readonly services?: readonly ServiceReference[];
  readonly owners?: readonly string[];
  readonly states?: readonly SloState[];
  readonly text?: string;
}

export function selectSlos(
  rows: readonly SloSummary[],
  selection: SloSelection,
): SloSummary[] {
  const { gns, services, owners, states } = selection;
  const text = selection.text?.trim().toLocaleLowerCase('en');
  return rows.filter(
    row =>
      (gns === undefined || row.gns === gns) &&
      (services === undefined ||
        services.some(
          s => s.gns === row.gns && row.services.includes(s.service),
        )) &&
      (owners === undefined || owners.includes(row.owner ?? '')) &&
      (states === undefined || states.includes(row.state)) &&
      (!text || wordsOf(row).includes(text)),
  );
}

function wordsOf(row: SloSummary): string {
  return [row.name, row.title ?? '', row.gns, ...row.services]
    .join('\n')
    .toLocaleLowerCase('en');
}

/** Worst first: by state, then by what is left of the budget, then by how fast it goes, then by name. */
export function worstFirst(a: SloSummary, b: SloSummary): number {
  return (
    SLO_STATES.indexOf(a.state) - SLO_STATES.indexOf(b.state) ||
    (a.budget.remaining ?? Infinity) - (b.budget.remaining ?? Infinity) ||
    (b.burn[1]?.burn ?? 0) - (a.burn[1]?.burn ?? 0) ||
    compare(a.gns, b.gns) ||
    compare(a.name, b.name)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
