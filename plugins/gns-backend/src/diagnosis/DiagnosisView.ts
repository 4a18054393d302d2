import type { Knex } from 'knex';
import { NotFoundError } from '@backstage/errors';
import type {
  Diagnosis,
  DiagnosisChain,
  GlobalNamespace,
  LinkName,
  Subject,
} from '@isthmus/plugin-gns-common';
import { LINKS } from '@isthmus/plugin-gns-common';
import type {
  ComposedGlobalNamespace,
  ComposedService,
  CompositionResult,
} from '../composition';
import { clusterFacts } from '../composition/clusterFacts';
import type { ClusterFacts } from '../service/clusterAnswers';
import type { Snapshot } from '../service/HubView';
import { byGravity, diagnoseCall } from './diagnoseCall';
import { decided, earlierBroken, makeLink } from './link';
import type { Party } from './resolveQuestion';
import type { Call, Side, ToldObject } from './types';

type Place = Extract<Party, { type: 'place' }>;

/** All that diagnoses are read from. */
export interface DiagnosisSources {
  readonly knex: Knex;
  readonly snapshot: Snapshot;
  readonly result: CompositionResult;
  readonly clusters: readonly ClusterFacts[];
  readonly pauses: ReadonlySet<string>;
  /** Definitions that the caller may read, by name. */
  readonly readable: ReadonlyMap<string, GlobalNamespace>;
  /** Whether the caller may see clusters beyond the members of what they may read. */
  readonly mayReadClusters: boolean;
  readonly now: number;
}

/** Answers why a call fails, from what the hub knows. */
export class DiagnosisView {
  readonly #sources: DiagnosisSources;

  constructor(sources: DiagnosisSources) {
    this.#sources = sources;
  }

  /** @throws NotFoundError for what is not there, or may not be read */
  async diagnose(
    question: { from: Party; to: Party },
    port: number | null,
  ): Promise<Diagnosis> {
    const { from, to } = question;
    const target = this.#target(question);
    const callers = this.#callers(from);
    if (!this.#sources.mayReadClusters) {
      for (const caller of callers) this.#requireMember(caller, target?.gns);
    }
    const chains = (
      target
        ? await this.#chains(target, callers, to, port)
        : callers.map(caller => outside(caller, to as Place))
    ).sort(byGravity);
    const [worst] = chains;
    const link = worst.links.find(l => l.link === worst.first);
    const host = target?.host ?? placeText(to as Place);
    const who = callerText(worst);
    return {
      from: this.#subject(from),
      to: this.#subject(to),
      port,
      chains,
      answer: worst.answer,
      ...words(worst.answer, who, host, link),
      at: new Date(this.#sources.now).toISOString(),
    };
  }

  #composed(gns: string): ComposedGlobalNamespace | undefined {
    const { snapshot, result } = this.#sources;
    return (
      snapshot.stored.get(gns)?.composed ?? result.globalNamespaces.get(gns)
    );
  }

  #service(gns: string, name: string): ComposedService | undefined {
    return this.#composed(gns)?.services.find(s => s.name === name);
  }

  #hostOf(gns: string, service: string): string {
    const domain = this.#sources.readable.get(gns)?.spec.domain;
    return `${service}.${domain}`;
  }

  #subject(party: Party): Subject {
    return party.type === 'service'
      ? {
          type: 'service',
          gns: party.gns,
          service: party.service,
          host: this.#hostOf(party.gns, party.service),
        }
      : {
          type: 'workload',
          cluster: party.cluster,
          namespace: party.namespace,
          ...(party.workload === null ? {} : { workload: party.workload }),
        };
  }

  /** The host that the call is for; undefined: the place serves none. */
  #target({
    from,
    to,
  }: {
    from: Party;
    to: Party;
  }): { gns: string; service: string; host: string } | undefined {
    const named = (gns: string, service: string) => ({
      gns,
      service,
      host: this.#hostOf(gns, service),
    });
    if (to.type === 'service') return named(to.gns, to.service);
    const id = this.#side(to.cluster).cluster.id;
    const served = [...this.#sources.readable.keys()].flatMap(gns =>
      (this.#composed(gns)?.services ?? [])
        .filter(s =>
          s.endpoints.some(
            e =>
              e.cluster === id &&
              e.namespace === to.namespace &&
              (to.workload === null || e.workloads.includes(to.workload)),
          ),
        )
        .map(s => named(gns, s.name)),
    );
    const own = new Set(this.#gnsOf(from));
    return served.find(s => own.has(s.gns)) ?? served[0];
  }

  /** Global namespaces that the caller is a member of. */
  #gnsOf(from: Party): string[] {
    if (from.type === 'service') return [from.gns];
    const id = this.#side(from.cluster).cluster.id;
    return [...this.#sources.readable.keys()].filter(gns =>
      this.#composed(gns)?.members.some(
        m => m.cluster === id && m.namespace === from.namespace,
      ),
    );
  }

  #side(cluster: string): ClusterFacts {
    const found = this.#sources.clusters.find(f => f.cluster.name === cluster);
    if (!found) {
      throw new NotFoundError(
        `There is no member cluster ${cluster}, or you may not read it`,
      );
    }
    return found;
  }

  /** Where the caller runs. */
  #callers(from: Party): Place[] {
    if (from.type === 'place') return [from];
    const names = new Map(
      this.#sources.clusters.map(f => [f.cluster.id, f.cluster.name]),
    );
    const places = (this.#service(from.gns, from.service)?.endpoints ?? []).map(
      (e): Place => ({
        type: 'place',
        cluster: names.get(e.cluster) ?? e.cluster,
        namespace: e.namespace,
        workload: e.workloads.length === 1 ? e.workloads[0] : null,
      }),
    );
    if (places.length === 0) {
      throw new NotFoundError(
        `query.from: nobody offers ${this.#hostOf(
          from.gns,
          from.service,
        )}, so it runs nowhere. Check the name, or ask from a workload.`,
      );
    }
    return places;
  }

  /** Without the permission to see clusters, only members of what may be read are there. */
  #requireMember(place: Place, gns: string | undefined): void {
    const id = this.#side(place.cluster).cluster.id;
    const isMember =
      gns !== undefined &&
      this.#composed(gns)?.members.some(
        m => m.cluster === id && m.namespace === place.namespace,
      );
    if (isMember) return;
    throw new NotFoundError(
      `query.from: there is no ${placeText(
        place,
      )} in the global namespace of the target, or you may not read it (permission gns.cluster.read)`,
    );
  }

  async #chains(
    target: { gns: string; service: string; host: string },
    callers: readonly Place[],
    to: Party,
    port: number | null,
  ): Promise<DiagnosisChain[]> {
    const { gns, host } = target;
    const composed = this.#composed(gns);
    const service = this.#service(gns, target.service);
    const sides = await this.#sides(gns, host);
    const servers = (service?.endpoints ?? [])
      .flatMap(endpoint => {
        const side = sides.get(endpoint.cluster);
        return side ? [{ side, endpoint }] : [];
      })
      .filter(
        ({ side, endpoint }) =>
          to.type === 'service' ||
          (side.name === to.cluster && endpoint.namespace === to.namespace),
      );
    return callers.map(place => {
      const call: Call = {
        gns,
        host,
        service,
        port,
        members: composed?.members ?? [],
        conditions: [
          ...(composed?.conditions ?? []),
          ...(service?.conditions ?? []),
        ],
        gnsPaused: this.#sources.pauses.has(gns),
        term: this.#sources.snapshot.hub.term,
        caller: {
          side: sides.get(this.#side(place.cluster).cluster.id)!,
          namespace: place.namespace,
          workload: place.workload,
        },
        servers,
      };
      return diagnoseCall(call);
    });
  }

  /** All clusters by id, with what concerns one host. */
  async #sides(gns: string, host: string): Promise<Map<string, Side>> {
    const { knex, clusters, snapshot, result } = this.#sources;
    const rows: {
      cluster_id: string;
      key: string;
      manifest: string;
      hosts: string;
      changed_n: number | string;
    }[] = await knex('gns_desired_objects')
      .where({ gns })
      .whereNull('removal')
      .andWhere(q =>
        q
          .where('hosts', 'like', `%"${host}"%`)
          .orWhere('key', 'like', '%/AuthorizationPolicy/%'),
      )
      .select('cluster_id', 'key', 'manifest', 'hosts', 'changed_n');
    const told = new Map<string, Map<string, ToldObject>>();
    for (const row of rows) {
      const of = told.get(row.cluster_id) ?? new Map<string, ToldObject>();
      told.set(row.cluster_id, of);
      of.set(row.key, {
        key: row.key,
        manifest: JSON.parse(row.manifest),
        hosts: JSON.parse(row.hosts),
        changedN: Number(row.changed_n),
      });
    }
    const views = new Map(snapshot.input.clusters.map(c => [c.id, c]));
    return new Map(
      clusters.map(({ cluster, observed, coverage }) => {
        const view = views.get(cluster.id);
        const side: Side = {
          id: cluster.id,
          name: cluster.name,
          view,
          facts: view && clusterFacts(view),
          coverage,
          observed,
          paused: cluster.paused,
          drained: cluster.drained,
          leaving: cluster.state === 'disconnecting',
          desiredN: cluster.desiredN,
          composed: result.clusters.get(cluster.id),
          told: told.get(cluster.id) ?? new Map(),
        };
        return [cluster.id, side];
      }),
    );
  }
}

function placeText({ cluster, namespace, workload }: Place): string {
  return workload === null
    ? `${namespace} of ${cluster}`
    : `${workload} in ${namespace} of ${cluster}`;
}

function callerText({ caller }: DiagnosisChain): string {
  return placeText({ type: 'place', ...caller });
}

/** The chain of a call to a place that serves no host: it ends before it begins. */
function outside(caller: Place, to: Place): DiagnosisChain {
  const first: LinkName = 'membership';
  return {
    caller: {
      cluster: caller.cluster,
      namespace: caller.namespace,
      workload: caller.workload,
    },
    answer: 'broken',
    first,
    links: LINKS.map(link =>
      makeLink(
        link,
        link === first
          ? {
              state: 'broken',
              reason: 'targetNotMember',
              parameters: { cluster: to.cluster, namespace: to.namespace },
              text: `${placeText(to)} offers no host of a global namespace.`,
              remedy: `Take ${to.namespace} of ${to.cluster} into spec.members of the caller's global namespace, and give the workload a Service.`,
              evidence: [
                decided(`hosts served in ${to.namespace}`, 'none', to.cluster),
              ],
            }
          : earlierBroken(first),
      ),
    ),
  };
}

/** The answer as a sentence, and what to do. */
function words(
  answer: Diagnosis['answer'],
  who: string,
  host: string,
  link: { text: string; remedy: string } | undefined,
): { text: string; remedy: string } {
  if (answer === 'ok' || !link) {
    return {
      text: `Every link from ${who} to ${host} holds, as far as the hub can see.`,
      remedy: `If the call fails all the same, look at what the caller's proxy has: istioctl proxy-config endpoints <pod> | grep ${host}.`,
    };
  }
  return {
    text:
      answer === 'broken'
        ? `${who} cannot call ${host}: ${link.text}`
        : `Whether ${who} can call ${host} is not known: ${link.text}`,
    remedy: link.remedy,
  };
}
