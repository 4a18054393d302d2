import { gnsPermissions, REST_PATH, routes } from '@isthmus/plugin-gns-common';
import { code, page, table } from './markdown';

/** Every permission, with the operations that ask it. */
export function permissionsPage(): string {
  return page('Permissions', '`gns-common/src/permissions.ts` and the routes', [
    'A policy that uses them: [Permissions](../permissions.md).',
    table(
      ['Permission', 'Action', 'Conditional on', 'Asked by'],
      gnsPermissions.map(permission => [
        code(permission.name),
        permission.attributes.action ?? '',
        'resourceType' in permission ? code(permission.resourceType) : '',
        routes
          .filter(route => route.permission === permission.name)
          .map(route =>
            code(`${route.method.toUpperCase()} ${REST_PATH}${route.path}`),
          )
          .join(', '),
      ]),
    ),
  ]);
}
