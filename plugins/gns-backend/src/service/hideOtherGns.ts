import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Traffic } from '@isthmus/plugin-gns-common';
import type { HubContext } from './HubContext';

/** Takes the names of other global namespaces out of a picture, but for those that the caller may read. */
export async function hideOtherGns(
  hub: Pick<HubContext, 'authorizer' | 'definitions'>,
  credentials: BackstageCredentials,
  traffic: Traffic,
): Promise<Traffic> {
  const others = new Set(
    traffic.nodes.flatMap(n => (n.otherGns ? [n.otherGns] : [])),
  );
  if (others.size === 0) return traffic;
  const mayRead = await hub.authorizer.readablePredicate(credentials);
  const visible = new Set(
    (await hub.definitions.list({ kind: 'GlobalNamespace' }))
      .filter(r => mayRead(r.definition))
      .map(r => r.definition.metadata.name),
  );
  if ([...others].every(gns => visible.has(gns))) return traffic;
  return {
    ...traffic,
    nodes: traffic.nodes.map(({ otherGns, ...node }) =>
      otherGns && visible.has(otherGns) ? { ...node, otherGns } : node,
    ),
  };
}
