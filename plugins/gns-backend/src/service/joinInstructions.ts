import {
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
  formatYaml,
  renderControllerManifests,
  type JoinToken,
} from '@isthmus/plugin-gns-common';
import type { MintedToken } from '../members/ClusterStore';

/** Quotes for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The answer to a minted token: the token once, and how to use it.
 * `hubUrl` is the backend's address as the cluster reaches it, `prometheusUrl` that of the cluster's own Prometheus;
 * `restartWorkloads` grants what `authority.restart: rolling` needs.
 */
export function joinInstructions(
  minted: MintedToken,
  options: {
    hubUrl: string;
    prometheusUrl?: string;
    restartWorkloads?: boolean;
  },
): JoinToken {
  const { hubUrl, prometheusUrl, restartWorkloads } = options;
  return {
    cluster: minted.cluster.name,
    token: minted.token,
    expiresAt: minted.expiresAt,
    hubUrl,
    helm: [
      `helm install ${CONTROLLER_NAME} deploy/helm/${CONTROLLER_NAME}`,
      `--namespace ${CONTROLLER_NAMESPACE} --create-namespace`,
      `--set-string hubUrl=${quote(hubUrl)}`,
      `--set-string token=${quote(minted.token)}`,
      ...(prometheusUrl
        ? // Helm would split at a comma.
          [
            `--set-string prometheusUrl=${quote(
              prometheusUrl.replaceAll(/[\\,]/g, '\\$&'),
            )}`,
          ]
        : []),
      ...(restartWorkloads ? ['--set restartWorkloads=true'] : []),
    ].join(' \\\n  '),
    manifest: renderControllerManifests({
      hubUrl,
      token: minted.token,
      prometheusUrl,
      restartWorkloads,
    })
      .map(object => formatYaml(object))
      .join('---\n'),
  };
}
