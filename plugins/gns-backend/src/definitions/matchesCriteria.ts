import type { Knex } from 'knex';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { DefinitionFilter } from '@isthmus/plugin-gns-node';

/**
 * Adds the conditions of a permission decision to a query on gns_definitions.
 * `owner` is never null there, so that `not` means what it says.
 */
export function whereMatches<T extends Knex.QueryBuilder>(
  query: T,
  criteria: PermissionCriteria<DefinitionFilter>,
): T {
  if ('allOf' in criteria) {
    criteria.allOf.forEach(inner =>
      query.andWhere(where => whereMatches(where, inner)),
    );
  } else if ('anyOf' in criteria) {
    query.andWhere(where =>
      criteria.anyOf.forEach(inner =>
        where.orWhere(branch => whereMatches(branch, inner)),
      ),
    );
  } else if ('not' in criteria) {
    query.whereNot(where => whereMatches(where, criteria.not));
  } else {
    // No owner is the empty text, which no claim may match.
    query.whereIn(
      'owner',
      criteria.values.filter(value => value !== ''),
    );
  }
  return query;
}
