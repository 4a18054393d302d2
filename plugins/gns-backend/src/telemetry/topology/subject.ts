import { InputError } from '@backstage/errors';
import {
  TRAFFIC_LEVELS,
  TRAFFIC_PROTOCOLS,
  type SeriesGroup,
} from '@isthmus/plugin-gns-common';
import { nodeOf, type NodeContext } from './nodes';
import type { Party } from './parties';
import type { WindowEdge } from './WindowFold';

/** What a series is about. */
export type Subject =
  | {
      readonly type: 'edge';
      readonly source: string;
      readonly target: string;
      readonly protocol: number;
    }
  | {
      readonly type: 'node';
      readonly node: string;
      readonly direction: 'inbound' | 'outbound';
    }
  /** All of a global service, in every cluster. */
  | {
      readonly type: 'service';
      readonly service: string;
      readonly direction: 'inbound' | 'outbound';
    };

/** Reads the id of an edge, as `trafficOf` makes it. @throws InputError */
export function edgeSubject(id: string): Subject {
  const [calls, source, target, protocol, ...more] = id.split(' ');
  const number = TRAFFIC_PROTOCOLS.findIndex(p => p === protocol);
  if (calls !== 'calls' || !target || number < 0 || more.length > 0) {
    throw new InputError(
      `query.edge: ${JSON.stringify(
        id.slice(0, 200),
      )} is no edge. Take an id from the answer of …/traffic`,
    );
  }
  return { type: 'edge', source, target, protocol: number };
}

/** Tells which edges belong to a subject, and to which group. */
export class SubjectMatcher {
  readonly #ids = new Map<string, ReadonlySet<string>>();

  constructor(readonly subject: Subject, readonly context: NodeContext) {}

  /** Ids that an end of an edge has, at whatever level. */
  #idsOf(party: Party, isTarget: boolean): ReadonlySet<string> {
    const key = `${party.key} ${isTarget}`;
    let ids = this.#ids.get(key);
    if (!ids) {
      ids = new Set(
        TRAFFIC_LEVELS.map(
          level => nodeOf(party, level, this.context, isTarget).id,
        ),
      );
      this.#ids.set(key, ids);
    }
    return ids;
  }

  matches(edge: Pick<WindowEdge, 'source' | 'target'>): boolean {
    const { subject } = this;
    switch (subject.type) {
      case 'edge':
        return (
          this.#idsOf(edge.source, false).has(subject.source) &&
          this.#idsOf(edge.target, true).has(subject.target)
        );
      case 'node':
        return subject.direction === 'inbound'
          ? this.#idsOf(edge.target, true).has(subject.node)
          : this.#idsOf(edge.source, false).has(subject.node);
      default:
        return subject.direction === 'inbound'
          ? edge.target.service === subject.service
          : this.#serves(edge.source, subject.service);
    }
  }

  #serves({ cluster, namespace, name }: Party, service: string): boolean {
    return (
      cluster !== undefined &&
      namespace !== undefined &&
      name !== undefined &&
      this.context.servicesOf(cluster, namespace, name).includes(service)
    );
  }

  /** Protocols apart, edges are between the same two parties. */
  hasProtocol(edge: WindowEdge): boolean {
    return (
      this.subject.type !== 'edge' || this.subject.protocol === edge.protocol
    );
  }

  /** The subject's own side by a property; `caller`: who is at the other end of what comes in. */
  groupOf(edge: WindowEdge, groupBy: SeriesGroup): string {
    const outbound =
      this.subject.type !== 'edge' && this.subject.direction === 'outbound';
    const own = outbound ? edge.source : edge.target;
    switch (groupBy) {
      case 'cluster':
        return own.cluster === undefined
          ? ''
          : this.context.clusterName(own.cluster) ?? '';
      case 'workload':
        return own.name ?? '';
      case 'version':
        return own.version ?? '';
      case 'caller':
        return nodeOf(edge.source, 'service', this.context, false).id;
      default:
        return '';
    }
  }
}
