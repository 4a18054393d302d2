import { ConflictError, InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { compactVerify, importJWK } from 'jose';
import type {
  EnrollRequest,
  EnrollResponse,
  PublicKey,
  RekeyRequest,
} from '@isthmus/plugin-gns-common';
import type { AuditInput } from '../definitions/DefinitionStore';
import type { HubIdentity } from './hubIdentity';
import { redeemJoinToken } from './joinTokens';
import {
  CLUSTER_COLUMNS,
  readClusterRow,
  type ClusterRecord,
  type ClusterRow,
} from './clusterRows';

/** Appends to the hash-chained audit, in the caller's transaction. */
export type Audit = (entry: AuditInput, trx?: Knex) => Promise<void>;

function refuseOtherUid(cluster: ClusterRecord, uid: string): void {
  if (cluster.clusterUid && cluster.clusterUid !== uid) {
    throw new ConflictError(
      `clusterUid "${uid}": the name ${cluster.name} belongs to another cluster (kube-system UID ${cluster.clusterUid}). ` +
        `Register this cluster under another name, or disconnect ${cluster.name} first (DELETE clusters/${cluster.name}?force=true when it is gone)`,
    );
  }
}

/**
 * Enrols a controller with its one-time token: binds the cluster's UID and the
 * controller's key to the name that the token was minted for. A known cluster
 * re-enrols with a new token of its own name; its key is replaced then, and
 * its reports start anew.
 * @throws AuthenticationError for the token, ConflictError for the cluster;
 * a refusal changes nothing, so the token stays good.
 */
export async function enrol(
  knex: Knex,
  request: EnrollRequest,
  context: { hub: HubIdentity; audit: Audit; now: number },
): Promise<EnrollResponse> {
  return knex.transaction(async trx => {
    const clusterId = await redeemJoinToken(trx, request.token, context.now);
    const row: ClusterRow = await trx('gns_clusters')
      .where({ id: clusterId })
      .first([...CLUSTER_COLUMNS]);
    const cluster = readClusterRow(row);
    if (cluster.state === 'disconnecting') {
      throw new ConflictError(
        `The cluster ${cluster.name} is being disconnected. Wait until it is gone from the list, then register it again`,
      );
    }
    const uid = request.clusterUid.toLowerCase();
    refuseOtherUid(cluster, uid);
    const namesake: ClusterRow | undefined = await trx('gns_clusters')
      .where({ cluster_uid: uid })
      .whereNot({ id: clusterId })
      .first([...CLUSTER_COLUMNS]);
    if (namesake) {
      throw new ConflictError(
        `clusterUid "${uid}": this cluster is a member already, under the name ${namesake.name}. ` +
          `Mint a token for that name (POST clusters/${namesake.name}/token), or disconnect it first`,
      );
    }
    await trx('gns_clusters')
      .where({ id: clusterId })
      .update({
        state: 'enrolled',
        cluster_uid: uid,
        public_key: JSON.stringify(request.publicKey),
        last_unauthorized_at: null,
        last_unauthorized_why: null,
      });
    const at = new Date(context.now).toISOString();
    await trx('gns_observations')
      .insert({
        cluster_id: clusterId,
        sequence: 0,
        last_seen_at: at,
        controller_version: request.controllerVersion,
      })
      .onConflict('cluster_id')
      .merge(['sequence', 'last_seen_at', 'controller_version']);
    await context.audit(
      {
        actor: `cluster:${cluster.name}`,
        action: cluster.publicKey ? 're-enrol' : 'enrol',
        subject: `cluster:${cluster.name}`,
        message: '',
        details: {
          clusterUid: uid,
          controllerVersion: request.controllerVersion,
        },
      },
      trx,
    );
    return {
      clusterId,
      clusterName: cluster.name,
      hubId: context.hub.hubId,
      hubKey: context.hub.publicKey,
    };
  });
}

async function assertPossession(
  clusterId: string,
  publicKey: PublicKey,
  proof: string,
): Promise<void> {
  let claimed: unknown;
  try {
    const key = await importJWK({ ...publicKey, alg: 'ES256' }, 'ES256');
    const verified = await compactVerify(proof, key, {
      algorithms: ['ES256'],
    });
    claimed = JSON.parse(new TextDecoder().decode(verified.payload));
  } catch (error) {
    throw new InputError(
      'proof: it was not signed by the new key. Sign { clusterId, purpose: "rekey" } with it',
      error,
    );
  }
  const { clusterId: named, purpose } = Object(claimed);
  if (named !== clusterId || purpose !== 'rekey') {
    throw new InputError(
      'proof: it does not say { clusterId, purpose: "rekey" } of this cluster. Sign exactly that',
    );
  }
}

/**
 * Replaces a controller's key. The old key signed the request, the new one the
 * proof; a second rekey that raced is refused.
 * @throws InputError for the proof, ConflictError when the key changed meanwhile
 */
export async function rekey(
  knex: Knex,
  cluster: ClusterRecord,
  request: RekeyRequest,
  context: { audit: Audit },
): Promise<void> {
  await assertPossession(cluster.id, request.publicKey, request.proof);
  await knex.transaction(async trx => {
    const changed = await trx('gns_clusters')
      .where({
        id: cluster.id,
        public_key: JSON.stringify(cluster.publicKey),
        state: cluster.state,
      })
      .update({ public_key: JSON.stringify(request.publicKey) });
    if (changed !== 1) {
      throw new ConflictError(
        'The key was changed by another request meanwhile. Try again with the key that is valid now',
      );
    }
    await context.audit(
      {
        actor: `cluster:${cluster.name}`,
        action: 'rekey',
        subject: `cluster:${cluster.name}`,
        message: '',
      },
      trx,
    );
  });
}
