import {
  DesiredObject,
  Tombstone,
  objectKey,
} from '@isthmus/plugin-gns-common';

/** A ServiceEntry of the GNS `shop` in namespace `shop-web`. */
export function serviceEntry(
  name: string,
  spec: Record<string, unknown> = {},
  gns = 'shop',
): DesiredObject {
  const manifest = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'shop-web' },
    spec: {
      hosts: [`${name}.shop.example`],
      location: 'MESH_INTERNAL',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: '10.0.0.1' }],
      ...spec,
    },
  };
  return { key: objectKey(manifest), gns, manifest };
}

/** A small tombstone for an object. */
export function tombstone(
  object: DesiredObject,
  reason: Tombstone['reason'] = { type: 'small' },
): Tombstone {
  return { key: object.key, gns: object.gns, reason };
}
