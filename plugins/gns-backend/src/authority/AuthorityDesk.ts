import type {
  AuthoritySummary,
  ClusterIssuers,
  Condition,
  Coverage,
  GlobalNamespace,
  GnsAuthority,
  RevocationPreview,
} from '@isthmus/plugin-gns-common';
import type { HubView, Snapshot } from '../service/HubView';
import {
  authorityConditions,
  type HeldIssuer,
} from './answers/authorityConditions';
import { previewRevocation } from './answers/previewRevocation';
import {
  toAuthority,
  toAuthorityCluster,
  type AuthorityContext,
} from './answers/toAuthority';
import type { AuthorityHub } from './AuthorityHub';
import type { ClusterEvidence } from './evidence';
import { notFound } from './RotationService';
import { isEnded, type Authority } from './store/authorityRows';
import { readValidIssuers } from './store/issuerRows';
import type { JoiningCallers } from './transition/JoiningCallers';
import { wantedPlaces } from './transition/stepAuthorities';
import { placeKey, type OutsideCallers } from './transition/types';

export interface AuthorityDeskOptions {
  authorities: AuthorityHub;
  view: HubView;
  joining: JoiningCallers;
  /** By cluster id. */
  coverage: () => Promise<ReadonlyMap<string, Coverage>>;
  now: () => number;
}

/** Nobody asks: no namespace is about to join. */
const NOBODY_JOINS: OutsideCallers = { type: 'known', callers: [] };

/** Answers about authorities, from what is stored and was last seen. */
export class AuthorityDesk {
  readonly #options: AuthorityDeskOptions;

  constructor(options: AuthorityDeskOptions) {
    this.#options = options;
  }

  /** @throws NotFoundError */
  async get(gns: string): Promise<GnsAuthority> {
    const { context, wanted } = await this.#of(gns);
    return toAuthority(context, wanted);
  }

  /** @throws NotFoundError */
  async preview(gns: string, keyId: string): Promise<RevocationPreview> {
    const { context } = await this.#of(gns);
    const preview = previewRevocation(context, keyId);
    if (!preview) throw notFound(gns);
    return preview;
  }

  async list(mayRead: (gns: string) => boolean): Promise<AuthoritySummary[]> {
    const summaries: AuthoritySummary[] = [];
    for (const { gns } of await this.#live()) {
      if (!mayRead(gns)) continue;
      const answer = await this.get(gns);
      const ends = answer.clusters.flatMap(c => c.aloneUntil ?? []).sort();
      const active = answer.roots.find(r => r.state === 'active')?.certificate;
      summaries.push({
        gns,
        mode: answer.mode,
        availability: answer.availability,
        pods: answer.pods,
        transition: answer.transition.state,
        rotation: answer.rotation.step,
        ...(active ? { rootNotAfter: active.notAfter } : {}),
        ...(ends.length > 0 ? { issuerNotAfter: ends[0] } : {}),
      });
    }
    return summaries;
  }

  /** Of every authority: what should be known of it, for who is told by notifications. */
  async conditions(): Promise<
    { readonly gns: string; readonly conditions: readonly Condition[] }[]
  > {
    const all = [];
    for (const { gns } of await this.#live()) {
      all.push({ gns, conditions: (await this.get(gns)).conditions });
    }
    return all;
  }

  /** What should be known of authorities, also of those that could not be made yet. */
  async conditionsByGns(): Promise<ReadonlyMap<string, Condition[]>> {
    const { authorities, now } = this.#options;
    const all = new Map((await this.#live()).map(a => [a.gns, a] as const));
    const names = new Set([
      ...all.keys(),
      ...authorities.keeper.availabilities.keys(),
    ]);
    if (names.size === 0) return new Map();
    const evidence = await authorities.measure.evidence();
    return new Map(
      [...names].map(gns => {
        const authority = all.get(gns);
        return [
          gns,
          authorityConditions({
            gns,
            authority,
            availability: authorities.keeper.availabilityOf(gns),
            issuers: heldIssuers(authority, evidence.of(gns)),
            now: now(),
          }),
        ];
      }),
    );
  }

  async ofCluster(
    clusterId: string,
    coverage: Coverage,
    mayRead: (gns: string) => boolean,
  ): Promise<ClusterIssuers> {
    const { authorities, now } = this.#options;
    const evidence = await authorities.measure.evidence();
    const all = (await authorities.store.list()).filter(
      a => mayRead(a.gns) && a.members.some(m => m.clusterId === clusterId),
    );
    const issuers = await readValidIssuers(
      authorities.store.knex,
      { clusterId },
      now(),
    );
    const items = all.map(authority => {
      const {
        cluster: _,
        coverage: __,
        ...rest
      } = toAuthorityCluster(
        {
          authority,
          evidence: evidence.of(authority.gns),
          issuers: issuers.filter(i => i.gns === authority.gns),
          coverage: new Map([[clusterId, coverage]]),
        },
        clusterId,
      );
      return { gns: authority.gns, ...rest };
    });
    const ends = items.flatMap(i => i.aloneUntil ?? []).sort();
    return {
      coverage,
      items,
      ...(ends.length > 0 ? { aloneUntil: ends[0] } : {}),
    };
  }

  /** Without those that ended. */
  async #live(): Promise<Authority[]> {
    const all = await this.#options.authorities.store.list();
    return all.filter(authority => !isEnded(authority));
  }

  async #of(
    gns: string,
  ): Promise<{ context: AuthorityContext; wanted: ReadonlySet<string> }> {
    const { authorities, view, joining, now } = this.#options;
    const authority = await authorities.store.read(gns);
    if (!authority || isEnded(authority)) throw notFound(gns);
    const snapshot = await view.snapshot();
    const evidence = await authorities.measure.evidence();
    const clusters = evidence.of(gns);
    const availability =
      authorities.keeper.availabilityOf(gns) ??
      (await authorities.keeper.availabilityNow(authority));
    const context: AuthorityContext = {
      authority,
      definition: definitionOf(snapshot, gns),
      availability,
      evidence: clusters,
      proof: await authorities.measure.of(authority, evidence),
      issuers: await readValidIssuers(authorities.store.knex, { gns }, now()),
      waits: authorities.waitsOf(gns),
      outside: authority.members.some(m => m.phase === 'adopt')
        ? await joining.of(gns)
        : NOBODY_JOINS,
      coverage: await this.#options.coverage(),
      conditions: authorityConditions({
        gns,
        authority,
        availability,
        issuers: heldIssuers(authority, clusters),
        now: now(),
      }),
      issuerLifeMs: authorities.config.issuerLifeMs,
      now: now(),
    };
    return { context, wanted: wantedOf(snapshot, authority) };
  }
}

function heldIssuers(
  authority: Authority | undefined,
  clusters: ReadonlyMap<string, ClusterEvidence>,
): HeldIssuer[] {
  return [...clusters.values()].flatMap(({ name, report, id }) =>
    report?.issuer && authority?.members.some(m => m.clusterId === id)
      ? [{ cluster: name, ...report.issuer }]
      : [],
  );
}

function definitionOf(
  { input }: Snapshot,
  gns: string,
): GlobalNamespace | undefined {
  return input.definitions.find(d => d.definition.metadata.name === gns)
    ?.definition;
}

function wantedOf(
  { input, stored }: Snapshot,
  authority: Authority,
): ReadonlySet<string> {
  return (
    wantedPlaces(
      {
        input,
        membersOf: gns => stored.get(gns)?.composed.members ?? [],
        // For an answer: what is gone was deleted.
        isDeleted: () => true,
      },
      authority,
    ) ?? new Set(authority.members.map(placeKey))
  );
}
