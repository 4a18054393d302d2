import type {
  Condition,
  Revision,
  StoredDefinition,
} from '@isthmus/plugin-gns-common';

const HOUR_MS = 60 * 60 * 1000;

/** Something that happened to a service lately. */
export type RecentChange =
  | {
      type: 'definition';
      at: string;
      kind: string;
      name: string;
      action: Revision['action'] | 'change';
      actor: string;
      message: string;
      /** First segments of what changed, for example `spec.members`. */
      paths: string[];
    }
  | { type: 'condition'; at: string; condition: Condition };

/** What changed in the last hour around a service, newest first. */
export function recentChanges(input: {
  gns: string;
  service: string;
  revisions: readonly Revision[];
  /** Definitions that belong to the global namespace. */
  definitions: readonly StoredDefinition[];
  conditions: readonly Condition[];
  /** Milliseconds since 1970. */
  now: number;
}): RecentChange[] {
  const isRecent = (at: string | undefined) =>
    at !== undefined && input.now - Date.parse(at) <= HOUR_MS;
  const changes: RecentChange[] = [
    ...input.revisions
      .filter(revision => isRecent(revision.at))
      .map(
        (revision): RecentChange => ({
          type: 'definition',
          at: revision.at,
          kind: 'GlobalNamespace',
          name: input.gns,
          action: revision.action,
          actor: revision.actor,
          message: revision.message,
          paths: [
            ...new Set(
              revision.changes.map(({ path }) =>
                path.split(/[.[]/, 2).join('.'),
              ),
            ),
          ],
        }),
      ),
    ...input.definitions
      .filter(
        stored =>
          stored.definition.kind !== 'GlobalNamespace' &&
          isRecent(stored.updatedAt),
      )
      .map(
        (stored): RecentChange => ({
          type: 'definition',
          at: stored.updatedAt,
          kind: stored.definition.kind,
          name: stored.definition.metadata.name,
          action: 'change',
          actor: stored.updatedBy,
          message: '',
          paths: [],
        }),
      ),
    ...input.conditions
      .filter(
        condition =>
          isRecent(condition.lastTransitionTime) &&
          (condition.service === undefined ||
            condition.service === input.service),
      )
      .map(
        (condition): RecentChange => ({
          type: 'condition',
          at: condition.lastTransitionTime!,
          condition,
        }),
      ),
  ];
  return changes.sort((a, b) => (a.at < b.at ? 1 : -1));
}
