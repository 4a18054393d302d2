import {
  CA_ADDRESS,
  CA_ROOT_PATH,
  type GlobalNamespaceSpec,
} from '@isthmus/plugin-gns-common';
import type { MemberRecord } from '../authority/store/authorityRows';
import { linksOf, type Links } from '../authority/transition/links';
import { placeKey } from '../authority/transition/types';

/** What composition sees of the authority of one global namespace; the same object while nothing in it changed. */
export interface AuthorityView {
  /** Its own trust domain; undefined: the mesh's. */
  readonly trustDomain: string | undefined;
  readonly leafTtlSeconds: number;
  /** How far its members are; sorted. */
  readonly members: readonly MemberRecord[];
  /** Namespaces without a row that a policy closes already, from the time of `mode: mesh`. */
  readonly closedBefore: ReadonlySet<string>;
}

/** The environment of a pod that gets its identity from the authority. */
export function authorityEnvironment(
  view: Pick<AuthorityView, 'trustDomain' | 'leafTtlSeconds'>,
): Record<string, string> {
  return {
    CA_ADDR: CA_ADDRESS,
    CA_ROOT_CA: CA_ROOT_PATH,
    ...(view.trustDomain === undefined
      ? {}
      : { TRUST_DOMAIN: view.trustDomain }),
    SECRET_TTL: `${view.leafTtlSeconds}s`,
    ECC_SIGNATURE_ALGORITHM: 'ECDSA',
    // The mesh's merged bundle and its revocation list would undo or break what the authority hands out.
    PROXY_CONFIG_XDS_AGENT: 'false',
    PILOT_ENABLE_CA_CRL: 'false',
  };
}

/** What follows for one global namespace and its members of now. */
export class AuthorityInForce {
  readonly links: Links;
  readonly #view: AuthorityView | undefined;
  readonly #mode: GlobalNamespaceSpec['authority']['mode'];
  readonly #rows: ReadonlyMap<string, MemberRecord>;

  /** @param places - keys of all member namespaces */
  constructor(
    mode: GlobalNamespaceSpec['authority']['mode'],
    view: AuthorityView | undefined,
    places: readonly string[],
  ) {
    this.#mode = mode;
    this.#view = view;
    this.#rows = new Map((view?.members ?? []).map(m => [placeKey(m), m]));
    const members = places.flatMap(key => this.#rows.get(key) ?? []);
    this.links = linksOf(members, places);
  }

  /** Its pods get their identity from the authority when they start: then with this environment. */
  environmentOf(place: string): Record<string, string> {
    const row = this.#rows.get(place);
    return this.#view && row?.configured && row.phase !== 'release'
      ? authorityEnvironment(this.#view)
      : {};
  }

  /** A policy admits members only. */
  isClosed(place: string): boolean {
    if (this.#mode === 'mesh') return true;
    const row = this.#rows.get(place);
    return row ? row.closed : this.#view?.closedBefore.has(place) ?? false;
  }

  /** Members reach each other there, as far as identities go. */
  isLinked(place: string): boolean {
    return this.links.linked.has(place);
  }

  /** Trust domains of the identities that pods of a place may present. */
  trustDomainsOf(place: string, mesh: string | undefined): string[] {
    const own = this.#view?.trustDomain;
    const leaves = this.#rows.get(place)?.leaves ?? 'mesh';
    return [
      ...(mesh !== undefined && (own === undefined || leaves !== 'own')
        ? [mesh]
        : []),
      ...(own !== undefined && leaves !== 'mesh' ? [own] : []),
    ];
  }

  /** Places that are members no more and whose pods still get their identity from the authority. */
  lingering(): MemberRecord[] {
    return [...this.#rows.values()].filter(
      row => Object.keys(this.environmentOf(placeKey(row))).length > 0,
    );
  }
}
