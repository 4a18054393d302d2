import { sloFromTemplate } from '@isthmus/plugin-gns-common';

/** The command that defines a first objective, for the empty list. */
export function defineSloCommand(baseUrl: string, gns = 'shop'): string {
  const definition = sloFromTemplate('webApi', {
    gns,
    name: 'checkout',
    services: ['checkout'],
  });
  return [
    `curl -X PUT ${baseUrl}/v1/definitions/ServiceLevelObjective/${gns}/checkout \\`,
    `  -H "Authorization: Bearer $TOKEN" -H 'If-None-Match: *' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(definition, null, 2)}'`,
  ].join('\n');
}
