import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Binaries } from '../binaries/ensureBinaries';
import { controlPlaneAddress, serviceRange } from '../network/addresses';
import {
  CertificateAuthority,
  createTokenKeys,
} from '../pki/certificateAuthority';
import { Daemon } from '../process/Daemon';
import { prometheusConfig } from './prometheusConfig';
import { scriptCommand } from '../process/scripts';

/** Port of every API server. */
export const API_PORT = 6443;
/** Ports of every istiod, on its control plane's address. */
export const ISTIOD_PORTS = {
  grpc: 15010,
  secureGrpc: 15012,
  http: 8080,
  https: 15017,
  monitoring: 15014,
} as const;
/** Port of every Prometheus. */
export const PROMETHEUS_PORT = 9090;

/** What the processes of one control plane need to know. */
export interface ControlPlaneOptions {
  cluster: string;
  /** From 1. */
  index: number;
  namespace: string;
  /** The cluster's own folder. */
  dir: string;
  binaries: Binaries;
  meshConfig: Record<string, unknown>;
  adminToken: string;
  /** Run Kubernetes' controllers of workloads too. */
  workloadControllers: boolean;
}

/** The processes of one control plane, none of them started. */
export interface ControlPlane {
  etcd: Daemon;
  apiServer: Daemon;
  controllerManager: Daemon;
  dns: Daemon;
  istiod: Daemon;
  prometheus: Daemon;
  /** Certificate that the API server's was signed by, PEM. */
  servingCa: string;
  /** Kubeconfig for processes in the control-plane namespace. */
  kubeconfig: string;
  /** Folder into which scrape targets are written. */
  targetsDir: string;
}

/** Writes keys and configuration of one control plane and describes its processes. */
export async function prepareControlPlane(
  options: ControlPlaneOptions,
): Promise<ControlPlane> {
  const { cluster, index, dir, binaries, namespace, adminToken } = options;
  const ip = controlPlaneAddress(index);
  const pki = join(dir, 'pki');
  const istiodDir = join(dir, 'istiod');
  const targetsDir = join(dir, 'targets');
  for (const folder of [pki, istiodDir, targetsDir]) {
    await fs.mkdir(folder, { recursive: true });
  }
  // Only root reads the cluster's keys; pods' folders lie beside this one.
  await fs.chmod(pki, 0o700);

  const ca = await CertificateAuthority.createRoot(`${cluster} kubernetes`);
  const serving = await ca.issueServing('kube-apiserver', {
    dns: [
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ],
    ip: [ip, '127.0.0.1', serviceRange(index).replace('.0/16', '.1')],
  });
  const tokenKeys = await createTokenKeys();
  const file = async (name: string, text: string) => {
    await fs.writeFile(join(pki, name), text, { mode: 0o600 });
    return join(pki, name);
  };
  const caFile = await file('ca.pem', ca.certificate);
  const certFile = await file('apiserver.pem', serving.certificate);
  const keyFile = await file('apiserver.key', serving.key);
  const tokenPublic = await file('sa.pub', tokenKeys.publicKey);
  const tokenPrivate = await file('sa.key', tokenKeys.privateKey);
  const adminFile = await file('admin.token', adminToken);
  const tokensFile = await file(
    'tokens.csv',
    `${adminToken},admin,admin,system:masters\n`,
  );
  const kubeconfig = join(dir, 'kubeconfig');
  await fs.writeFile(
    kubeconfig,
    renderKubeconfig({
      cluster,
      server: `https://${ip}:${API_PORT}`,
      ca: ca.certificate,
      token: adminToken,
    }),
    { mode: 0o600 },
  );
  const meshConfigFile = join(istiodDir, 'mesh.yaml');
  await fs.writeFile(meshConfigFile, stringify(options.meshConfig));
  const prometheusFile = join(dir, 'prometheus.yaml');
  await fs.writeFile(prometheusFile, stringify(prometheusConfig(targetsDir)));

  const daemon = (
    name: string,
    command: string,
    args: string[],
    more: { env?: Record<string, string>; cwd?: string } = {},
  ) =>
    new Daemon({
      name: `${name} of ${cluster}`,
      command,
      args,
      ...more,
      namespace,
      logFile: join(dir, `${name}.log`),
    });
  const [node, ...dnsArgs] = scriptCommand('cluster/dns.mts');

  return {
    servingCa: ca.certificate,
    kubeconfig,
    targetsDir,
    etcd: daemon('etcd', binaries.etcd, [
      `--name=${cluster}`,
      `--data-dir=${join(dir, 'etcd')}`,
      `--listen-client-urls=http://${ip}:2379`,
      `--advertise-client-urls=http://${ip}:2379`,
      `--listen-peer-urls=http://${ip}:2380`,
      `--initial-advertise-peer-urls=http://${ip}:2380`,
      `--initial-cluster=${cluster}=http://${ip}:2380`,
      // A test's cluster need not survive a power cut.
      '--unsafe-no-fsync',
    ]),
    apiServer: daemon('kube-apiserver', binaries.kubeApiserver, [
      `--etcd-servers=http://${ip}:2379`,
      `--secure-port=${API_PORT}`,
      `--bind-address=${ip}`,
      `--advertise-address=${ip}`,
      `--tls-cert-file=${certFile}`,
      `--tls-private-key-file=${keyFile}`,
      `--service-account-key-file=${tokenPublic}`,
      `--service-account-signing-key-file=${tokenPrivate}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--api-audiences=https://kubernetes.default.svc',
      `--token-auth-file=${tokensFile}`,
      '--authorization-mode=RBAC',
      `--service-cluster-ip-range=${serviceRange(index)}`,
      '--allow-privileged=true',
      '--endpoint-reconciler-type=none',
      '--profiling=false',
    ]),
    controllerManager: daemon(
      'kube-controller-manager',
      binaries.kubeControllerManager,
      [
        `--kubeconfig=${kubeconfig}`,
        `--service-account-private-key-file=${tokenPrivate}`,
        `--root-ca-file=${caFile}`,
        '--use-service-account-credentials=false',
        `--bind-address=${ip}`,
        '--leader-elect=false',
        `--controllers=${[
          'endpointslice-controller',
          'serviceaccount-controller',
          'namespace-controller',
          'garbage-collector-controller',
          'root-ca-certificate-publisher-controller',
          ...(options.workloadControllers
            ? [
                'deployment-controller',
                'replicaset-controller',
                'disruption-controller',
              ]
            : []),
        ].join(',')}`,
      ],
    ),
    dns: daemon('dns', node, [
      ...dnsArgs,
      ip,
      `https://${ip}:${API_PORT}`,
      caFile,
      adminFile,
    ]),
    istiod: daemon(
      'istiod',
      binaries.pilotDiscovery,
      [
        'discovery',
        `--kubeconfig=${kubeconfig}`,
        `--meshConfig=${meshConfigFile}`,
        `--clusterID=${cluster}`,
        `--grpcAddr=${ip}:${ISTIOD_PORTS.grpc}`,
        `--secureGRPCAddr=${ip}:${ISTIOD_PORTS.secureGrpc}`,
        `--httpAddr=${ip}:${ISTIOD_PORTS.http}`,
        `--httpsAddr=${ip}:${ISTIOD_PORTS.https}`,
        `--monitoringAddr=${ip}:${ISTIOD_PORTS.monitoring}`,
        `--ctrlz_address=${ip}`,
        '--registries=Kubernetes',
      ],
      {
        cwd: istiodDir,
        env: {
          CLUSTER_ID: cluster,
          POD_NAMESPACE: 'istio-system',
          POD_NAME: `istiod-${cluster}`,
          REVISION: 'default',
          PILOT_CERT_PROVIDER: 'istiod',
          // Stock Envoy lacks Istio's own filters.
          PILOT_ENABLE_METADATA_EXCHANGE: 'false',
          PILOT_ENABLE_ALPN_FILTER: 'false',
          // The API server asks it to inject pods at this address, and verifies its certificate.
          ISTIOD_CUSTOM_HOST: ip,
          VALIDATION_WEBHOOK_CONFIG_NAME: '',
        },
      },
    ),
    prometheus: daemon('prometheus', binaries.prometheus, [
      `--config.file=${prometheusFile}`,
      `--storage.tsdb.path=${join(dir, 'prometheus')}`,
      `--web.listen-address=${ip}:${PROMETHEUS_PORT}`,
      '--storage.tsdb.retention.time=1d',
      '--log.level=warn',
    ]),
  };
}

/** A kubeconfig with one cluster, its CA and one bearer token. */
export function renderKubeconfig(options: {
  cluster: string;
  server: string;
  ca: string;
  token: string;
}): string {
  const { cluster, server, ca, token } = options;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: cluster,
        cluster: {
          server,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
        },
      },
    ],
    users: [{ name: cluster, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    'current-context': cluster,
  });
}
