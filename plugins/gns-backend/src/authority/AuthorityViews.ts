import type { Knex } from 'knex';
import { readObjectKey } from '@isthmus/plugin-gns-common';
import type { AuthorityView } from '../composition/authority';
import type { VersionedGlobalNamespace } from '../composition/types';
import { CachedAuthorities, type Authority } from './store/authorityRows';
import { placeKey } from './transition/types';

const POLICY_KEYS = 'security.istio.io/%/AuthorizationPolicy/%';

/** Namespaces that a policy of a global namespace closes, as delivered. */
async function readClosed(
  trx: Knex,
  names: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows: { cluster_id: string; gns: string; key: string }[] = await trx(
    'gns_desired_objects',
  )
    .whereIn('gns', [...names])
    .andWhere('key', 'like', POLICY_KEYS)
    .select('cluster_id', 'gns', 'key');
  const closed = new Map<string, Set<string>>();
  for (const { cluster_id, gns, key } of rows) {
    const namespace = readObjectKey(key)?.namespace;
    if (namespace === undefined) continue;
    const places = closed.get(gns) ?? new Set();
    closed.set(gns, places.add(placeKey({ clusterId: cluster_id, namespace })));
  }
  return closed;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(v => b.has(v));
}

type KnownViews = Map<
  string,
  { authority: Authority | undefined; view: AuthorityView }
>;

/** What composition sees of authorities; equal views are the same object. */
export class AuthorityViews {
  readonly #cache = new CachedAuthorities();
  #views: KnownViews = new Map();

  async load(
    trx: Knex,
    definitions: readonly VersionedGlobalNamespace[],
  ): Promise<{
    authorities: ReadonlyMap<string, Authority>;
    views: ReadonlyMap<string, AuthorityView>;
  }> {
    const authorities = await this.#cache.load(trx);
    const dedicated = definitions
      .map(d => d.definition)
      .filter(d => d.spec.authority.mode === 'dedicated')
      .map(d => d.metadata.name);
    const names = new Set([...authorities.keys(), ...dedicated]);
    if (names.size === 0) return { authorities, views: new Map() };
    const closed = await readClosed(trx, [...names]);
    const next: KnownViews = new Map();
    for (const gns of names) {
      const authority = authorities.get(gns);
      const closedBefore = closed.get(gns) ?? new Set<string>();
      const before = this.#views.get(gns);
      next.set(
        gns,
        before &&
          before.authority === authority &&
          sameSet(before.view.closedBefore, closedBefore)
          ? before
          : {
              authority,
              view: {
                trustDomain: authority?.trustDomain,
                leafTtlSeconds: authority?.leafTtlSeconds ?? 3600,
                members: authority?.members ?? [],
                closedBefore,
              },
            },
      );
    }
    this.#views = next;
    return {
      authorities,
      views: new Map([...next].map(([gns, { view }]) => [gns, view])),
    };
  }
}
