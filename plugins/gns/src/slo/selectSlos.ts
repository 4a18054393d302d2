import {
  SLO_STATES,
  type SloState,
  type SloSummary,
} from '@isthmus/plugin-gns-common';

export const SLO_ORDERS = ['worst', 'budget', 'burn', 'name'] as const;
export type SloOrder = (typeof SLO_ORDERS)[number];

/** What the reader wants to see of a list; empty chooses all. */
export interface SloChoice {
  text: string;
  gns: string;
  service: string;
  owner: string;
  states: readonly SloState[];
  order: SloOrder;
}

/** Owner of those that have none. */
export const NO_OWNER = '-';

/** Reads a choice from the address; what is not known there is left out. */
export function choiceOf(query: URLSearchParams): SloChoice {
  const order = query.get('sort');
  return {
    text: query.get('q') ?? '',
    gns: query.get('gns') ?? '',
    service: query.get('service') ?? '',
    owner: query.get('owner') ?? '',
    states: SLO_STATES.filter(state => query.getAll('state').includes(state)),
    order: SLO_ORDERS.find(one => one === order) ?? 'worst',
  };
}

/** The address of a choice; other parts of the address stay. */
export function queryOfChoice(
  choice: SloChoice,
  before: URLSearchParams,
): URLSearchParams {
  const query = new URLSearchParams(before);
  const put = (key: string, value: string) =>
    value === '' ? query.delete(key) : query.set(key, value);
  put('q', choice.text);
  put('gns', choice.gns);
  put('service', choice.service);
  put('owner', choice.owner);
  put('sort', choice.order === 'worst' ? '' : choice.order);
  query.delete('state');
  choice.states.forEach(state => query.append('state', state));
  return query;
}

/** Which rows a choice shows, in its order; and how many of each state there are without regard to the states chosen. */
export function selectSlos(
  rows: readonly SloSummary[],
  choice: SloChoice,
): { rows: SloSummary[]; states: Record<SloState, number> } {
  const words = choice.text
    .trim()
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter(Boolean);
  const found = rows.filter(
    row =>
      (choice.gns === '' || row.gns === choice.gns) &&
      (choice.service === '' || row.services.includes(choice.service)) &&
      (choice.owner === '' || (row.owner ?? NO_OWNER) === choice.owner) &&
      words.every(word => textOf(row).includes(word)),
  );
  const states = Object.fromEntries(
    SLO_STATES.map(state => [state, 0]),
  ) as Record<SloState, number>;
  for (const { state } of found) states[state] += 1;
  const shown =
    choice.states.length === 0
      ? found
      : found.filter(row => choice.states.includes(row.state));
  return { rows: inOrder(shown, choice.order), states };
}

function textOf(row: SloSummary): string {
  return [row.gns, row.name, row.title ?? '', row.owner ?? '', ...row.services]
    .join('\n')
    .toLocaleLowerCase();
}

/** `worst` is the order of the hub. What is unknown comes last. */
function inOrder(rows: readonly SloSummary[], order: SloOrder): SloSummary[] {
  const budget = (row: SloSummary) => row.budget.remaining ?? Infinity;
  const burn = (row: SloSummary) => row.burn[1]?.burn ?? -1;
  const name = (row: SloSummary) => `${row.title ?? row.name} ${row.gns}`;
  switch (order) {
    case 'budget':
      return [...rows].sort((a, b) => compare(budget(a), budget(b)));
    case 'burn':
      return [...rows].sort((a, b) => compare(burn(b), burn(a)));
    case 'name':
      return [...rows].sort((a, b) => name(a).localeCompare(name(b)));
    default:
      return [...rows];
  }
}

// Infinity minus itself is no number.
function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
