import { createHash } from 'node:crypto';
import {
  canonicalJson,
  type RevocationPreview,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../../composition/statement';
import { rootIn } from '../store/authorityRows';
import type { AuthorityContext } from './toAuthority';

function textOf(
  context: AuthorityContext,
  keyId: string,
  pods: number,
): { possible: boolean; text: string } {
  const { authority } = context;
  const root = authority.roots.find(r => r.keyId === keyId);
  if (root?.state === 'revoked') {
    return { possible: false, text: 'This root is trusted nowhere any more.' };
  }
  if (!root) return { possible: false, text: 'There is no such root.' };
  const name = `The root ${keyId.slice(0, 8)}`;
  if (root.state !== 'active') {
    return {
      possible: true,
      text:
        pods === 0
          ? `${name} is trusted no more, at once. As far as anybody knows no pod has a certificate under it.`
          : `${name} is trusted no more, at once: ${pods} pods with a certificate under it are refused until they get another one.`,
    };
  }
  if (context.availability?.state !== 'signing') {
    return {
      possible: false,
      text: `${name} signs now, and no other can take its place: ${
        context.availability?.message ?? 'the hub has not looked at it yet.'
      }`,
    };
  }
  const prepared = rootIn(authority.roots, 'prepared');
  return {
    possible: true,
    text: prepared
      ? `${name} is trusted no more, at once, and the prepared root ${prepared.keyId.slice(
          0,
          8,
        )} signs. ${pods} pods with a certificate under the former are refused until they get another one.`
      : `${name} is trusted no more, at once, and a new root takes its place that nobody knows yet. Calls between pods that got the new bundle and pods that did not fail until all have asked again: at most half the life of a certificate. If there is time, prepare the next root first.`,
  };
}

/** What would break if a root were revoked now. Pure. */
export function previewRevocation(
  context: AuthorityContext,
  keyId: string,
): RevocationPreview | undefined {
  const { authority, evidence, proof } = context;
  const root = authority.roots.find(r => r.keyId === keyId);
  if (!root) return undefined;
  const clusterIds = [...new Set(authority.members.map(m => m.clusterId))];
  const members = new Set(
    authority.members.map(m => `${m.clusterId}/${m.namespace}`),
  );
  const breaks = clusterIds.flatMap(id => {
    const cluster = evidence.get(id);
    return (cluster?.report?.workloads ?? [])
      .filter(w => members.has(`${id}/${w.namespace}`))
      .map(w => ({
        cluster: cluster?.name ?? id,
        namespace: w.namespace,
        workload: w.name,
        // Of pods of which nothing is known, the worst is assumed.
        pods:
          w.unknown +
          w.held
            .filter(h => h.leafRoot === keyId)
            .reduce((sum, h) => sum + h.pods, 0),
      }))
      .filter(w => w.pods > 0);
  });
  const pods = breaks.reduce((sum, w) => sum + w.pods, 0);
  const silentClusters = clusterIds
    .flatMap(id => {
      const cluster = evidence.get(id);
      return cluster && !cluster.fresh ? [cluster.name] : [];
    })
    .sort();
  const { possible, text } = textOf(context, keyId, pods);
  const silent =
    silentClusters.length > 0
      ? ` ${listNames(
          silentClusters,
        )} cannot be reached: they go on trusting it until they are back.`
      : '';
  const shown = {
    keyId,
    state: root.state,
    possible,
    text: possible ? `${text}${silent}` : text,
    breaks,
    issuerClusters: [...(proof.using.get(keyId)?.clusters ?? [])],
    silentClusters,
  };
  // Numbers of pods move all the time; who confirms, confirms for whom it breaks.
  const confirmed = {
    ...shown,
    text: '',
    breaks: breaks.map(({ cluster, namespace, workload }) => [
      cluster,
      namespace,
      workload,
    ]),
  };
  return {
    ...shown,
    hash: createHash('sha256')
      .update(canonicalJson(confirmed))
      .digest('hex')
      .slice(0, 32),
  };
}
