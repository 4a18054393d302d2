import 'reflect-metadata';
import * as grpc from '@grpc/grpc-js';
import * as x509 from '@peculiar/x509';
import { webcrypto, X509Certificate } from 'node:crypto';
import { basename } from 'node:path';
import type { KubernetesObject } from '../apiserver/objects';
import type { ApiServer } from '../apiserver/server';
import {
  CREATE_CERTIFICATE,
  readTexts,
  writeRequest,
} from './certificateCalls';
import type { Container } from './podObjects';

const ALGORITHM = {
  name: 'ECDSA',
  namedCurve: 'P-256',
  hash: 'SHA-256',
} as const;
const crypto = webcrypto as unknown as Crypto;

const LOOK_MS = 2_000;
const DEADLINE_MS = 10_000;
const TOKEN_SECONDS = 43_200;
/** What pilot-agent asks for without `SECRET_TTL`. */
const DAY_SECONDS = 86_400;
/** After a refusal the agent waits, longer each time. */
const [RETRY_MS, MOST_RETRY_MS] = [2_000, 30_000];
/** So many refusals in a row are told of. */
const TOLD_AFTER = 5;
const same = (bytes: Buffer) => bytes;

interface Agent {
  /** When it asks (again), milliseconds. */
  due: number;
  failures: number;
  asking: boolean;
}

/** A pod whose proxy asks the controller for its certificates. */
interface Proxy {
  namespace: string;
  name: string;
  uid: string;
  account: string;
  trustDomain: string;
  /** `host:port` as its set-up names it. */
  address: string;
  /** How long its certificate shall live. */
  seconds: number;
  /** Key of the ConfigMap `istio-ca-root-cert` that it verifies the address with. */
  rootKey: string;
}

function proxyOf(pod: KubernetesObject): Proxy | undefined {
  const { containers = [], serviceAccountName } = pod.spec as {
    containers?: Container[];
    serviceAccountName?: string;
  };
  const proxy = containers.find(one => one.name === 'istio-proxy');
  const env = new Map(proxy?.env?.map(one => [one.name, one.value ?? '']));
  const [address, root] = [env.get('CA_ADDR'), env.get('CA_ROOT_CA')];
  const { namespace = '', name, uid = '', deletionTimestamp } = pod.metadata;
  if (!address || !root || deletionTimestamp) return undefined;
  return {
    namespace,
    name,
    uid,
    account: serviceAccountName ?? 'default',
    trustDomain: env.get('TRUST_DOMAIN') ?? 'cluster.local',
    address,
    seconds: Number(
      /^(\d+)s$/.exec(env.get('SECRET_TTL') ?? '')?.[1] ?? DAY_SECONDS,
    ),
    rootKey: basename(root),
  };
}

/**
 * The pilot-agents of a simulated cluster, as far as certificates go: each pod
 * that is set up for another authority than istiod's asks there, and again after half of the
 * certificate's life.
 */
export class ProxyAgents {
  readonly #agents = new Map<string, Agent>();
  readonly #clients = new Map<string, grpc.Client>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly options: {
      api: ApiServer;
      /** Where the controller serves, on 127.0.0.1. */
      port: number;
      now: () => Date;
      onFailure: (message: string) => void;
    },
  ) {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #look(): void {
    const now = this.options.now().getTime();
    const seen = new Set<string>();
    for (const pod of this.options.api.readAll('v1', 'Pod')) {
      const proxy = proxyOf(pod);
      if (!proxy) continue;
      seen.add(proxy.uid);
      const agent = this.#agents.get(proxy.uid) ?? {
        due: now,
        failures: 0,
        asking: false,
      };
      this.#agents.set(proxy.uid, agent);
      if (agent.asking || agent.due > now) continue;
      agent.asking = true;
      void this.#ask(proxy, agent);
    }
    for (const uid of this.#agents.keys()) {
      if (!seen.has(uid)) this.#agents.delete(uid);
    }
  }

  async #ask(proxy: Proxy, agent: Agent): Promise<void> {
    const now = () => this.options.now().getTime();
    try {
      const [leaf] = await this.#certificate(proxy);
      const ends = Date.parse(new X509Certificate(leaf).validTo);
      agent.failures = 0;
      agent.due = now() + (ends - now()) / 2;
    } catch (error) {
      agent.failures += 1;
      // A controller that just starts is no news.
      if (agent.failures === TOLD_AFTER) {
        this.options.onFailure(
          `${proxy.namespace}/${proxy.name} gets no certificate from ${
            proxy.address
          }: ${error instanceof Error ? error.message : error}`,
        );
      }
      agent.due =
        now() + Math.min(MOST_RETRY_MS, RETRY_MS * 2 ** (agent.failures - 1));
    } finally {
      agent.asking = false;
    }
  }

  async #certificate(proxy: Proxy): Promise<string[]> {
    const { api } = this.options;
    const { namespace, account, trustDomain } = proxy;
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, [
      'sign',
      'verify',
    ]);
    const csr = await x509.Pkcs10CertificateRequestGenerator.create(
      {
        keys,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            [
              {
                type: 'url',
                value: `spiffe://${trustDomain}/ns/${namespace}/sa/${account}`,
              },
            ],
            true,
          ),
        ],
      },
      crypto,
    );
    const headers = new grpc.Metadata();
    const token = api.issueToken(namespace, account, {
      audiences: ['istio-ca'],
      seconds: TOKEN_SECONDS,
      pod: { name: proxy.name, uid: proxy.uid },
    });
    headers.set('authorization', `Bearer ${token}`);
    const request = writeRequest(`${csr.toString('pem')}\n`, proxy.seconds);
    const client = this.#client(proxy);
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        CREATE_CERTIFICATE,
        same,
        same,
        request,
        headers,
        { deadline: Date.now() + DEADLINE_MS },
        (error, answer) =>
          error || !answer ? reject(error) : resolve(readTexts(answer)),
      );
    });
  }

  #client({ namespace, address, rootKey }: Proxy): grpc.Client {
    const map = this.options.api.read(
      'v1',
      'ConfigMap',
      namespace,
      'istio-ca-root-cert',
    );
    const roots = (map?.data as Record<string, string> | undefined)?.[rootKey];
    if (!roots) throw new Error(`no ${rootKey} in ${namespace} yet`);
    const known = this.#clients.get(roots);
    if (known) return known;
    const name = address.replace(/:\d+$/, '');
    const client = new grpc.Client(
      `127.0.0.1:${this.options.port}`,
      grpc.credentials.createSsl(Buffer.from(roots)),
      {
        'grpc.ssl_target_name_override': name,
        'grpc.default_authority': name,
      },
    );
    this.#clients.set(roots, client);
    return client;
  }
}
