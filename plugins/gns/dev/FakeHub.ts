import { NotFoundError } from '@backstage/errors';
import {
  type ClusterAction,
  type Connection,
  type Consequences,
  type Diagnosis,
  type Hold,
  type HoldsDecided,
  type IndexedService,
  type JoinToken,
} from '@isthmus/plugin-gns-common';
import { type TrafficLevel } from '@isthmus/plugin-gns-common';
import { type GnsApi } from '../src/api';
import { FakeAuthority } from './FakeAuthority';
import { FakeEditing } from './FakeEditing';
import { FakeSlos } from './FakeSlos';
import * as fixtures from './fixtures';
import {
  shopNeighbours,
  shopRanges,
  shopSeries,
  shopServices,
  shopTraffic,
} from './traffic';

/** The reads and decisions of a hub, answered from fixtures. */
export class FakeHub implements Partial<GnsApi> {
  holds = fixtures.holds;
  readonly editing = new FakeEditing();
  readonly getDefinition = this.editing.getDefinition.bind(this.editing);
  readonly matches = this.editing.matches.bind(this.editing);
  readonly plan = this.editing.plan.bind(this.editing);
  readonly authority = new FakeAuthority() as unknown as GnsApi['authority'];
  readonly slo = new FakeSlos() as unknown as GnsApi['slo'];
  readonly rollouts = this.editing.rollouts as unknown as GnsApi['rollouts'];

  async listGlobalNamespaces() {
    return { items: fixtures.summaries };
  }

  async getGlobalNamespace(name: string) {
    if (name === 'shop') return fixtures.shopStatus;
    const summary = fixtures.summaries.find(s => s.name === name);
    if (!summary) {
      throw new NotFoundError(`There is no global namespace "${name}"`);
    }
    return {
      ...fixtures.shopStatus,
      ...summary,
      members: [],
      globalServices: [],
      allConditions: [],
      rollout: [],
    };
  }

  async getTopology(name: string) {
    return name === 'shop'
      ? fixtures.shopTopology
      : { ...fixtures.shopTopology, gns: name, nodes: [], edges: [] };
  }

  readonly telemetry = {
    getTraffic: async (
      name: string,
      options: { level?: TrafficLevel; service?: string } = {},
    ) => {
      if (name !== 'shop') {
        return shopTraffic('service', { gns: name, nodes: [], edges: [] });
      }
      return options.service === undefined
        ? shopTraffic(options.level)
        : shopNeighbours(options.service);
    },
    getRanges: async () => shopRanges,
    getSeries: async (
      _: string,
      {
        node,
        edge,
        service,
      }: { node?: string; edge?: string; service?: string },
    ) => shopSeries(node ?? edge ?? service ?? ''),
    listServices: async () => shopServices(),
  } as unknown as GnsApi['telemetry'];

  async listClusters() {
    return { items: fixtures.clusters };
  }

  async getConsequences(
    cluster: string,
    action: ClusterAction,
  ): Promise<Consequences> {
    return fixtures.consequences(cluster, action);
  }

  async createCluster(request: { name: string }): Promise<JoinToken> {
    return fixtures.joinToken(request.name, 'first');
  }

  async renewToken(cluster: string): Promise<JoinToken> {
    return fixtures.joinToken(cluster, 'second');
  }

  async getConnection(cluster: string): Promise<Connection> {
    return cluster === 'lab-1'
      ? fixtures.connection
      : { ...fixtures.readyConnection, cluster };
  }

  async diagnose(question: { from: string; to: string }): Promise<Diagnosis> {
    if (question.from === 'nowhere/at-all') {
      throw new NotFoundError('There is no cluster "nowhere"');
    }
    return fixtures.diagnosis;
  }

  async allServices(): Promise<IndexedService[]> {
    return fixtures.serviceIndex;
  }

  async listHolds(options: { state?: 'open' | 'all' } = {}) {
    return {
      items: this.holds.filter(
        hold => options.state === 'all' || hold.state === 'open',
      ),
    };
  }

  async getHub() {
    return fixtures.hub;
  }

  async listDefinitions() {
    return { items: [] };
  }

  async listRevisions() {
    return { items: fixtures.revisions, intact: true };
  }

  async decideHolds(
    ids: string[],
    decision: 'release' | 'refuse',
    reason = '',
  ): Promise<HoldsDecided> {
    return {
      items: ids.map(id => {
        const found = this.holds.find(hold => hold.id === id);
        if (!found) {
          return {
            id,
            result: 'failed',
            error: 'NotFoundError',
            message: `There is no hold "${id}"`,
          };
        }
        const hold: Hold = {
          ...found,
          state: decision === 'release' ? 'released' : 'refused',
          decidedBy: 'user:default/ada',
          decidedAt: fixtures.ago(0),
          reason,
          undo: decision === 'refuse' ? 'release' : undefined,
        };
        this.holds = this.holds.map(one => (one.id === id ? hold : one));
        return { id, result: 'decided', hold };
      }),
    };
  }
}

/**
 * A {@link GnsApi} made of the given reads; what is missing throws when a
 * page asks for it.
 */
export function asGnsApi(parts: Partial<GnsApi>): GnsApi {
  return new Proxy(parts, {
    get(target, name) {
      const part = Reflect.get(target, name);
      if (part === undefined) {
        return () =>
          Promise.reject(new Error(`The fake hub has no ${String(name)}`));
      }
      return typeof part === 'function' ? part.bind(target) : part;
    },
  }) as GnsApi;
}
