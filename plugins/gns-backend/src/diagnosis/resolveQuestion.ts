import { InputError, NotFoundError } from '@backstage/errors';
import type { Asked } from './readQuestion';

/** A global service by name. */
export interface ServiceName {
  readonly gns: string;
  readonly service: string;
}

/** One side of the question, looked up. */
export type Party =
  | {
      readonly type: 'place';
      readonly cluster: string;
      readonly namespace: string;
      readonly workload: string | null;
    }
  | ({ readonly type: 'service' } & ServiceName);

/** What the names are looked up in: only what the caller may read. */
export interface Names {
  readonly clusters: ReadonlySet<string>;
  /** Domains by global namespace. */
  readonly domains: ReadonlyMap<string, string>;
  /** Services of an entity, by its annotation; undefined: there is no such entity. */
  readonly servicesOf: (ref: string) => readonly ServiceName[] | undefined;
}

/** The party, or the services between which the other side decides. */
type Candidates =
  | Extract<Party, { type: 'place' }>
  | { readonly type: 'services'; readonly services: readonly ServiceName[] };

function candidates(
  asked: Asked,
  where: 'from' | 'to',
  names: Names,
): Candidates {
  const none = (what: string) =>
    new NotFoundError(
      `query.${where}: there is no ${what}, or you may not read it`,
    );
  const service = (one: ServiceName): Candidates => {
    if (!names.domains.has(one.gns)) throw none(`global namespace ${one.gns}`);
    return { type: 'services', services: [one] };
  };
  const place = (one: Extract<Party, { type: 'place' }>): Candidates => {
    if (!names.clusters.has(one.cluster)) {
      throw none(`member cluster ${one.cluster}`);
    }
    return one;
  };
  switch (asked.type) {
    case 'place':
      return place(asked);
    case 'service':
      return service(asked);
    case 'pair': {
      const { first, second } = asked;
      const asPlace = names.clusters.has(first);
      const asService = names.domains.has(first);
      if (!asPlace && !asService) {
        throw none(`member cluster and no global namespace ${first}`);
      }
      return asPlace && !(asService && where === 'to')
        ? place({
            type: 'place',
            cluster: first,
            namespace: second,
            workload: null,
          })
        : service({ gns: first, service: second });
    }
    case 'host': {
      const found = [...names.domains].find(([, domain]) =>
        asked.host.endsWith(`.${domain}`),
      );
      if (!found) throw none(`global namespace with the host ${asked.host}`);
      const [gns, domain] = found;
      return service({
        gns,
        service: asked.host.slice(0, -domain.length - 1),
      });
    }
    default: {
      const all = names.servicesOf(asked.ref);
      if (!all) throw none(`entity ${asked.ref}`);
      const services = all.filter(s => names.domains.has(s.gns));
      if (services.length === 0) {
        throw new InputError(
          `query.${where}: the entity ${asked.ref} names no service of a global namespace that you may read. Annotate it with gns.isthmus.dev/service: <gns>/<service>, or ask for a workload.`,
        );
      }
      return { type: 'services', services };
    }
  }
}

/** Of several services that an entity stands for, those in a global namespace of the other side. */
function inCommon(
  own: Candidates,
  other: Candidates,
): readonly ServiceName[] | undefined {
  if (own.type === 'place') return undefined;
  if (other.type === 'place') return own.services;
  const gns = new Set(other.services.map(s => s.gns));
  const common = own.services.filter(s => gns.has(s.gns));
  return common.length > 0 ? common : own.services;
}

function decide(
  own: Candidates,
  other: Candidates,
  where: 'from' | 'to',
): Party {
  if (own.type === 'place') return own;
  const list = inCommon(own, other) ?? [];
  if (list.length > 1) {
    throw new InputError(
      `query.${where}: the entity stands for several services: ${list
        .map(s => `${s.gns}/${s.service}`)
        .join(', ')}. Ask for one of them, as service:<gns>/<service>.`,
    );
  }
  return { type: 'service', ...list[0] };
}

/**
 * Looks up both sides.
 * @throws NotFoundError, InputError naming the side
 */
export function resolveQuestion(
  asked: { from: Asked; to: Asked },
  names: Names,
): { from: Party; to: Party } {
  const from = candidates(asked.from, 'from', names);
  const to = candidates(asked.to, 'to', names);
  const target = decide(to, from, 'to');
  const settled: Candidates =
    target.type === 'place' ? to : { type: 'services', services: [target] };
  return { from: decide(from, settled, 'from'), to: target };
}
