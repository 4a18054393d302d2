import {
  API_VERSION,
  formatYaml,
  type RolloutStrategy,
} from '@isthmus/plugin-gns-common';
import { type RestCall } from '../../code/curl';
import { wavesOf } from '../../editing/waves';
import { type Choice } from './RolloutChoice';

/** What shall come into force. */
export type Change =
  | {
      type: 'write';
      name: string;
      /** The document, as it is written. */
      definition: unknown;
      text: string;
      /** What it goes on from; null: it creates. */
      base: { generation: number; text: string } | null;
      /** Set when an old revision is brought back. */
      restores?: number;
    }
  | {
      type: 'delete';
      name: string;
      base: { generation: number; text: string };
    };

export const KIND = 'GlobalNamespace';

/** What the hub is asked to plan. */
export function planRequestOf(change: Change, strategy?: RolloutStrategy) {
  return change.type === 'write'
    ? { definitions: [change.definition], deletions: [], strategy }
    : { definitions: [], deletions: [`${KIND}:${change.name}`], strategy };
}

/** How the hub is asked to bring it to the clusters. */
export function strategyOf(choice: Choice): RolloutStrategy {
  return choice.how === 'atOnce'
    ? { waves: [], stopOn: choice.stopOn }
    : { waves: wavesOf(choice.waves), stopOn: choice.stopOn };
}

/** What the hub is asked to do. */
export function rolloutRequestOf(
  change: Change,
  options: { strategy: RolloutStrategy; plan: string; message: string },
) {
  return {
    ...(change.type === 'write'
      ? { definition: change.definition }
      : { deletion: `${KIND}:${change.name}` }),
    expect: change.base?.generation ?? null,
    ...options,
  };
}

/** The same by hand: the calls that this page makes. */
export function callsOf(
  change: Change,
  options: { strategy: RolloutStrategy; plan: string; message: string },
  titles: { plan: string; put: string; delete: string; rollout: string },
): (RestCall & { title: string })[] {
  const guard: Record<string, string> = change.base
    ? { 'If-Match': `"${change.base.generation}"` }
    : { 'If-None-Match': '*' };
  const json = (value: unknown) =>
    ({ type: 'json', text: JSON.stringify(value, null, 2) } as const);
  return [
    {
      title: titles.plan,
      method: 'POST',
      path: '/plan',
      body: json(planRequestOf(change)),
    },
    {
      title: change.type === 'write' ? titles.put : titles.delete,
      method: change.type === 'write' ? 'PUT' : 'DELETE',
      path: `/definitions/${KIND}/${encodeURIComponent(change.name)}`,
      headers: {
        ...guard,
        ...(options.plan ? { 'Gns-Plan': options.plan } : {}),
        ...(options.message
          ? { 'Gns-Message': encodeURIComponent(options.message) }
          : {}),
      },
      body:
        change.type === 'write'
          ? { type: 'yaml', text: change.text }
          : undefined,
    },
    {
      title: titles.rollout,
      method: 'POST',
      path: '/rollouts',
      body: json(rolloutRequestOf(change, options)),
    },
  ];
}

/** The text after the change, to compare. */
export function textAfter(change: Change): string {
  return change.type === 'write' ? change.text : '';
}

/** A text to begin a new definition with. */
export function emptyDefinition(): string {
  return formatYaml({
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: '' },
    spec: { domain: '', members: [{ namespaces: { names: [] } }] },
  });
}
