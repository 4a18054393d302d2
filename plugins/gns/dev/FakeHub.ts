import { NotFoundError } from '@backstage/errors';
import {
  type ClusterAction,
  type Connection,
  type Consequences,
  type Diagnosis,
  type IndexedService,
  type JoinToken,
} from '@isthmus/plugin-gns-common';
import { type GnsApi } from '../src/api';
import { FakeAuthority } from './FakeAuthority';
import { FakeEditing } from './FakeEditing';
import { FakeSlos } from './FakeSlos';
import * as fixtures from './fixtures';

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

  async listHolds() {
    return { items: this.holds.filter(hold => hold.state === 'open') };
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

  async decideHold(
    id: string,
    decision: 'release' | 'refuse',
    reason = '',
  ): Promise<(typeof fixtures.holds)[number]> {
    const found = this.holds.find(hold => hold.id === id);
    if (!found) throw new NotFoundError(`There is no hold "${id}"`);
    const decided = {
      ...found,
      state:
        decision === 'release' ? ('released' as const) : ('refused' as const),
      reason,
    };
    this.holds = this.holds.map(hold => (hold.id === id ? decided : hold));
    return decided;
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
