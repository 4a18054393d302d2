import {
  type AuthorityCluster,
  type AuthorityIssuer,
  type AuthorityRoot,
  type GnsAuthority,
} from '@isthmus/plugin-gns-common';

/** The first digits of a key id, as people compare them. */
export function shortId(keyId: string): string {
  return keyId.slice(0, 8);
}

/** An issuer below a root in the picture of the chain. */
export interface IssuerNode {
  cluster: AuthorityCluster;
  issuer: AuthorityIssuer;
  /** The cluster issues with another one by now; what this one signed is still valid. */
  former: boolean;
}

/** A root with all that stands below it. */
export interface RootNode {
  root: AuthorityRoot;
  /** Counts roots from the first one of this authority, 1 based. */
  number: number;
  /** Numbers of the older roots that vouch for it. */
  vouchedBy: { number: number; notAfter: string }[];
  issuers: IssuerNode[];
}

/** The chain as a tree: what is trusted now, newest root first, and what stands outside of it. */
export interface Chain {
  roots: RootNode[];
  /** No longer trusted anywhere. */
  revoked: { root: AuthorityRoot; number: number }[];
  /** Clusters with members, without an issuer under any trusted root. */
  without: AuthorityCluster[];
}

export function chainOf(authority: GnsAuthority): Chain {
  const numbers = numbersOf(authority);
  const trusted = authority.roots.filter(root => root.state !== 'revoked');
  const issuers = authority.clusters.flatMap((cluster): IssuerNode[] => [
    ...(cluster.issuer
      ? [{ cluster, issuer: cluster.issuer, former: false }]
      : []),
    ...cluster.formerIssuers.map(issuer => ({ cluster, issuer, former: true })),
  ]);
  const under = (keyId: string) =>
    issuers.filter(one => one.issuer.rootKeyId === keyId);
  const roots = trusted
    .map(
      (root): RootNode => ({
        root,
        number: numbers.get(root.keyId) ?? 0,
        vouchedBy: root.crossSignedBy.flatMap(({ keyId, notAfter }) => {
          const number = numbers.get(keyId);
          return number === undefined ? [] : [{ number, notAfter }];
        }),
        issuers: under(root.keyId),
      }),
    )
    .reverse();
  const standing = new Set(
    roots.flatMap(one =>
      one.issuers.filter(i => !i.former).map(i => i.cluster.cluster),
    ),
  );
  return {
    roots,
    revoked: authority.roots
      .filter(root => root.state === 'revoked')
      .map(root => ({ root, number: numbers.get(root.keyId) ?? 0 })),
    without: authority.clusters.filter(one => !standing.has(one.cluster)),
  };
}

/** Key id of a root → its number, counted from the first. */
export function numbersOf(authority: GnsAuthority): Map<string, number> {
  return new Map(authority.roots.map((root, i) => [root.keyId, i + 1]));
}

/** A life as a bar: parts of its length between 0 and 1. */
export interface LifeBar {
  /** Where now is; 1 when it is over. */
  now: number;
  marks: { id: string; at: string; part: number; passed: boolean }[];
  state: 'young' | 'due' | 'late' | 'over';
}

/**
 * @param marks - thresholds in the order in which they come
 * @param late - id of the mark from which on somebody should look
 */
export function lifeBar(
  life: { notBefore: string; notAfter: string },
  marks: readonly { id: string; at: string }[],
  now: number,
  late?: string,
): LifeBar {
  const start = Date.parse(life.notBefore);
  const end = Date.parse(life.notAfter);
  const part = (at: number) =>
    end > start ? Math.min(1, Math.max(0, (at - start) / (end - start))) : 1;
  const placed = marks.map(mark => ({
    ...mark,
    part: part(Date.parse(mark.at)),
    passed: Date.parse(mark.at) <= now,
  }));
  const isLate = placed.some(mark => mark.id === late && mark.passed);
  let state: LifeBar['state'] = 'young';
  if (now >= end) state = 'over';
  else if (isLate) state = 'late';
  else if (placed.some(mark => mark.passed)) state = 'due';
  return { now: part(now), marks: placed, state };
}

/** An issuer is late when it should have been renewed and a quarter of its life is left. */
export function lateAt({ notBefore, notAfter }: AuthorityIssuer): string {
  const start = Date.parse(notBefore);
  const end = Date.parse(notAfter);
  return new Date(end - (end - start) / 4).toISOString();
}

/** What ends before long: the next thing to care about, soonest first. */
export interface Ending {
  kind: 'root' | 'issuer';
  /** Number of the root, or name of the cluster. */
  name: string;
  notAfter: string;
}

/** Active and prepared roots past their time of preparation, issuers past their renewal. */
export function endingsOf(authority: GnsAuthority, now: number): Ending[] {
  const numbers = numbersOf(authority);
  const passed = (at: string) => Date.parse(at) <= now;
  const roots = authority.roots.flatMap(({ keyId, certificate, due }) =>
    certificate && due && passed(due.prepareAt)
      ? [
          {
            kind: 'root' as const,
            name: String(numbers.get(keyId)),
            notAfter: certificate.notAfter,
          },
        ]
      : [],
  );
  const issuers = authority.clusters.flatMap(({ cluster, issuer }) =>
    issuer && passed(issuer.renewAt)
      ? [
          {
            kind: 'issuer' as const,
            name: cluster,
            notAfter: issuer.notAfter,
          },
        ]
      : [],
  );
  return [...roots, ...issuers].sort(
    (a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter),
  );
}
