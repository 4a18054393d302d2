/** The command that defines a first global namespace, for the empty list. */
export function defineCommand(baseUrl: string): string {
  const definition = {
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name: 'shop' },
    spec: {
      domain: 'shop.gns.example',
      members: [{ namespaces: { names: ['shop'] } }],
    },
  };
  return [
    `curl -X PUT ${baseUrl}/v1/definitions/GlobalNamespace/shop \\`,
    `  -H "Authorization: Bearer $TOKEN" -H 'If-None-Match: *' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(definition, null, 2)}'`,
  ].join('\n');
}

/** The command that registers a first cluster. */
export function registerCommand(baseUrl: string): string {
  return [
    `curl -X POST ${baseUrl}/v1/clusters \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"name": "cloud-a"}'`,
  ].join('\n');
}
