import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  type AuthorityRotationAction,
  type GnsAuthority,
  type IssuanceQuery,
} from '@isthmus/plugin-gns-common';
import { type GnsApi } from '../src/api';
import * as fixtures from './authorityFixtures';

type Reads = GnsApi['authority'];

/** The authorities of a hub, answered from fixtures. */
export class FakeAuthority implements Partial<Reads> {
  /** Of the web shop; others have none. */
  shop: GnsAuthority | undefined = fixtures.authority;
  /** What was asked of it, in order. */
  readonly calls: unknown[][] = [];

  async get(gns: string) {
    if (gns !== 'shop' || !this.shop) {
      throw new NotFoundError(`"${gns}" never had an authority of its own`);
    }
    return this.shop;
  }

  async getTrustBundle(gns: string) {
    const { bundleEpoch, roots } = await this.get(gns);
    return {
      gns,
      epoch: bundleEpoch,
      rootKeyIds: roots.map(root => root.keyId),
      pem: roots.map(root => root.certificate?.pem ?? '').join(''),
    };
  }

  async listIssuances(_gns: string, query: IssuanceQuery = {}) {
    this.calls.push(['listIssuances', query]);
    const { search = '', cluster, state = 'all', limit = 50 } = query;
    const found = fixtures.issuances
      .filter(
        one =>
          [one.namespace, one.serviceAccount, one.pod, one.spiffeId].some(
            text => text.includes(search),
          ) || one.serial.startsWith(search),
      )
      .filter(one => cluster === undefined || one.cluster === cluster)
      .filter(one => {
        const left = Date.parse(one.notAfter) - Date.now();
        if (state === 'valid') return left > 0;
        return state === 'all' || (left > 0 && left < 15 * 60_000);
      });
    const from = Number(query.cursor ?? 0);
    const items = found.slice(from, from + limit);
    return from + limit < found.length
      ? { items, nextCursor: String(from + limit) }
      : { items };
  }

  async rotate(
    gns: string,
    action: AuthorityRotationAction,
    request: { force?: boolean; reason?: string } = {},
  ) {
    this.calls.push(['rotate', gns, action, request]);
    const current = await this.get(gns);
    const { state, message } = current.rotation.actions[action];
    if (state === 'impossible' || (state === 'unproven' && !request.force)) {
      throw new ConflictError(message);
    }
    if (action === 'pause' || action === 'resume') {
      this.shop = {
        ...current,
        rotation: { ...current.rotation, paused: action === 'pause' },
      };
    } else if (action === 'prepare') this.shop = fixtures.rotating;
    else this.shop = fixtures.authority;
    return this.shop;
  }

  async decideTransition(
    gns: string,
    request: Parameters<Reads['decideTransition']>[1],
  ) {
    this.calls.push(['decideTransition', gns, request]);
    const current = await this.get(gns);
    const paused = request.paused ?? current.transition.paused;
    this.shop = {
      ...current,
      transition: {
        ...current.transition,
        paused,
        state: paused ? 'paused' : 'waiting',
      },
    };
    return this.shop;
  }

  async previewRevocation(_gns: string, keyId: string) {
    return { ...fixtures.revocation, keyId };
  }

  async revoke(
    gns: string,
    keyId: string,
    request: { hash: string; reason: string },
  ) {
    this.calls.push(['revoke', gns, keyId, request]);
    if (request.hash !== fixtures.revocation.hash) {
      throw new ConflictError('What it breaks has changed: look again.');
    }
    this.shop = fixtures.authority;
    return this.shop;
  }

  async exportBackup(gns: string, request: { reason?: string } = {}) {
    this.calls.push(['exportBackup', gns, request]);
    return {
      apiVersion: 'gns.isthmus.dev/authority-backup/v1' as const,
      gns,
      exportedAt: '2026-11-01T00:00:00.000Z',
      roots: [
        {
          keyId: 'ab'.repeat(20),
          state: 'active' as const,
          certificate: 'PEM',
          sealed: {},
          protector: 'config',
        },
      ],
    };
  }

  async importRoots(gns: string, request: unknown) {
    this.calls.push(['importRoots', gns, request]);
    this.shop = fixtures.rotating;
    return this.shop;
  }

  async listClusterIssuers(_cluster: string) {
    return fixtures.clusterIssuers;
  }
}
