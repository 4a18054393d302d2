import {
  type AuthorityCluster,
  type AuthorityIssuer,
  type AuthorityPodCounts,
  type AuthorityRoot,
  type AuthorityRotation,
  type ClusterIssuers,
  type Coverage,
  type GnsAuthority,
  type Issuance,
  type RevocationPreview,
  type Transition,
} from '@isthmus/plugin-gns-common';
import { ago } from './fixtures';

/** Answers of a hub about certificate authorities, for tests and `yarn start`. */

const HOUR = 3600;
const DAY = 24 * HOUR;

/** `seconds` from now. */
const ahead = (seconds: number) => ago(-seconds);
/** Any 40 hexadecimal digits that begin with these. */
const hex = (start: string) => start.padEnd(40, '0123456789abcdef');

export const FIRST_ROOT = hex('a1c4');
export const NEXT_ROOT = hex('7e20');

export function podCounts(
  over: Partial<AuthorityPodCounts> = {},
): AuthorityPodCounts {
  return { total: 0, own: 0, mesh: 0, unknown: 0, awaitingRestart: 0, ...over };
}

function rootOf(
  keyId: string,
  state: AuthorityRoot['state'],
  over: Partial<AuthorityRoot> = {},
): AuthorityRoot {
  return {
    keyId,
    state,
    stateSince: ago(40 * DAY),
    createdAt: ago(40 * DAY),
    createdBy: 'user:default/guest',
    origin: 'made',
    byHand: false,
    certificate: {
      pem: '-----BEGIN CERTIFICATE-----\nMIIBroot\n-----END CERTIFICATE-----\n',
      serial: hex('51'),
      fingerprint: keyId.repeat(2).slice(0, 64),
      notBefore: ago(40 * DAY),
      notAfter: ahead(325 * DAY),
    },
    key: { held: 'sealed', protector: 'config', keyId: 'kek-1' },
    crossSignedBy: [],
    pods: 42,
    issuerClusters: ['cloud-a', 'cloud-b', 'edge-1'],
    ...over,
  };
}

export function issuerOf(
  number: string,
  rootKeyId: string,
  over: Partial<AuthorityIssuer> = {},
): AuthorityIssuer {
  return {
    serial: hex(`1${number}`),
    keyId: hex(`b${number}`),
    rootKeyId,
    notBefore: ago(2 * DAY),
    notAfter: ahead(5 * DAY),
    renewAt: ahead(1.5 * DAY),
    ...over,
  };
}

function clusterOf(
  coverage: Omit<Coverage, 'simulated'>,
  over: Partial<AuthorityCluster> = {},
): AuthorityCluster {
  return {
    cluster: coverage.cluster,
    coverage: { ...coverage, simulated: true },
    formerIssuers: [],
    bundleEpoch: 4,
    pods: podCounts(),
    ...over,
  };
}

const cloudA = clusterOf(
  { cluster: 'cloud-a', state: 'ok', dataAt: ago(2) },
  {
    issuer: issuerOf('1', FIRST_ROOT),
    aloneUntil: ahead(5 * DAY),
    pods: podCounts({ total: 24, own: 24 }),
  },
);
const cloudB = clusterOf(
  { cluster: 'cloud-b', state: 'ok', dataAt: ago(3) },
  {
    issuer: issuerOf('2', FIRST_ROOT),
    aloneUntil: ahead(5 * DAY),
    pods: podCounts({ total: 12, own: 12 }),
  },
);
const edge = clusterOf(
  { cluster: 'edge-1', state: 'stale', dataAt: ago(2 * HOUR) },
  {
    issuer: issuerOf('3', FIRST_ROOT, {
      notBefore: ago(6 * DAY),
      notAfter: ahead(20 * HOUR),
      renewAt: ago(2.5 * DAY),
    }),
    aloneUntil: ahead(20 * HOUR),
    pods: podCounts({ total: 8, own: 6, unknown: 2 }),
  },
);

const everybody = { clusters: 3, meeting: 3, waiting: [], silent: [] };

const idle: AuthorityRotation = {
  step: 'idle',
  paused: false,
  automatic: true,
  proof: {
    bundleClusters: everybody,
    bundlePods: { pods: 44, meeting: 42 },
    issuers: everybody,
    leaves: { pods: 42, meeting: 42 },
  },
  actions: {
    prepare: { state: 'allowed' },
    activate: { state: 'impossible', message: 'No root is prepared.' },
    retire: { state: 'impossible', message: 'There is no old root.' },
    reverse: { state: 'impossible', message: 'No rotation is under way.' },
    pause: { state: 'allowed' },
    resume: { state: 'impossible', message: 'It is not paused.' },
  },
};

function memberOf(
  cluster: string,
  namespace: string,
  over: Partial<Transition['members'][number]> = {},
): Transition['members'][number] {
  return {
    cluster,
    namespace,
    direction: 'member',
    phase: 'isolate',
    since: ago(39 * DAY),
    configured: true,
    proven: true,
    isolatedAt: ago(39 * DAY),
    closed: true,
    pods: podCounts({ total: 12, own: 12 }),
    ...over,
  };
}

const settled: Transition = {
  state: 'settled',
  paused: false,
  members: [
    memberOf('cloud-a', 'shop-api'),
    memberOf('cloud-a', 'shop-web'),
    memberOf('cloud-b', 'shop-web'),
  ],
  waits: [],
  outside: { state: 'known', callers: [] },
  unmeasuredWaived: false,
};

/** An authority in quiet times, with one silent cluster. */
export const authority: GnsAuthority = {
  gns: 'shop',
  mode: 'dedicated',
  trustDomain: { mode: 'mesh' },
  leafTtlSeconds: HOUR,
  issuerTtlSeconds: 7 * DAY,
  createdAt: ago(40 * DAY),
  availability: { state: 'signing' },
  bundleEpoch: 4,
  roots: [
    rootOf(FIRST_ROOT, 'active', {
      due: {
        prepareAt: ahead(295 * DAY),
        activateAt: ahead(318 * DAY),
        forceAt: ahead(321 * DAY),
      },
    }),
  ],
  clusters: [cloudA, cloudB, edge],
  pods: podCounts({ total: 44, own: 42, unknown: 2 }),
  transition: settled,
  rotation: idle,
  conditions: [],
};

/** Two clusters sign under the next root, one knows the old one only. */
export const rotating: GnsAuthority = {
  ...authority,
  bundleEpoch: 5,
  roots: [
    rootOf(FIRST_ROOT, 'old', {
      pods: 18,
      issuerClusters: ['edge-1'],
      stateSince: ago(HOUR),
    }),
    rootOf(NEXT_ROOT, 'active', {
      stateSince: ago(HOUR),
      createdAt: ago(DAY),
      byHand: true,
      pods: 24,
      issuerClusters: ['cloud-a', 'cloud-b'],
      crossSignedBy: [{ keyId: FIRST_ROOT, notAfter: ahead(325 * DAY) }],
    }),
  ],
  clusters: [
    { ...cloudA, issuer: issuerOf('4', NEXT_ROOT), bundleEpoch: 5 },
    {
      ...cloudB,
      issuer: issuerOf('5', NEXT_ROOT),
      formerIssuers: [issuerOf('2', FIRST_ROOT)],
      bundleEpoch: 5,
    },
    edge,
  ],
  rotation: {
    step: 'overlap',
    paused: false,
    automatic: false,
    proof: {
      bundleClusters: {
        clusters: 3,
        meeting: 2,
        waiting: [],
        silent: ['edge-1'],
      },
      bundlePods: { pods: 44, meeting: 36 },
      issuers: { clusters: 3, meeting: 2, waiting: [], silent: ['edge-1'] },
      leaves: { pods: 42, meeting: 24 },
    },
    actions: {
      prepare: { state: 'impossible', message: 'A rotation is under way.' },
      activate: {
        state: 'impossible',
        message: 'The next root signs already.',
      },
      retire: {
        state: 'unproven',
        message:
          'edge-1 was not heard of for 2 hours: 8 pods there trust the old root alone.',
      },
      reverse: { state: 'allowed' },
      pause: { state: 'allowed' },
      resume: { state: 'impossible', message: 'It is not paused.' },
    },
  },
};

/** A namespace that joins, and waits for restarts and for outside callers. */
export const joining: GnsAuthority = {
  ...authority,
  transition: {
    state: 'waiting',
    paused: false,
    members: [
      memberOf('cloud-a', 'shop-api'),
      memberOf('cloud-b', 'shop-web', {
        direction: 'joining',
        phase: 'adopt',
        since: ago(20 * 60),
        proven: false,
        isolatedAt: undefined,
        closed: false,
        pods: podCounts({ total: 12, mesh: 9, unknown: 1, awaitingRestart: 3 }),
      }),
    ],
    waits: [
      {
        reason: 'podsAwaitRestart',
        cluster: 'cloud-b',
        namespace: 'shop-web',
        workload: 'storefront',
        pods: 3,
      },
      {
        reason: 'outsideCallers',
        cluster: 'cloud-b',
        namespace: 'shop-web',
        workload: 'cloud-b/legacy/report',
      },
      { reason: 'clusterSilent', cluster: 'edge-1' },
    ],
    outside: {
      state: 'known',
      callers: [
        {
          cluster: 'cloud-b',
          namespace: 'legacy',
          workload: 'report',
          calls: { cluster: 'cloud-b', namespace: 'shop-web' },
          waived: false,
        },
      ],
    },
    unmeasuredWaived: false,
  },
};

/** The key-encryption key is missing: nothing can be signed. */
export const unavailable: GnsAuthority = {
  ...authority,
  availability: {
    state: 'unavailable',
    reason: 'KeyMissing',
    message:
      'No key is configured that opens the root of "shop": put the key-encryption key back into gns.authority.keys.',
  },
};

function issuance(n: number, over: Partial<Issuance> = {}): Issuance {
  return {
    cluster: n % 3 === 0 ? 'cloud-b' : 'cloud-a',
    serial: hex(`4${n.toString(16).padStart(3, '0')}`),
    namespace: 'shop-web',
    serviceAccount: n % 2 === 0 ? 'web' : 'cart',
    pod: `${n % 2 === 0 ? 'web' : 'cart'}-${n}`,
    podUid: `uid-${n}`,
    spiffeId: `spiffe://cluster.local/ns/shop-web/sa/${
      n % 2 === 0 ? 'web' : 'cart'
    }`,
    issuerKeyId: hex('b1'),
    rootKeyId: FIRST_ROOT,
    bundleEpoch: 4,
    issuedAt: ago(60 * (n + 1)),
    notAfter: ahead(HOUR - 60 * (n + 1)),
    ...over,
  };
}

export const issuances: Issuance[] = [
  issuance(0),
  issuance(1),
  issuance(2, {
    spiffeId: 'spiffe://cluster.local/ns/shop-web/sa/batch',
    serviceAccount: 'batch',
    pod: 'batch-2',
    issuerKeyId: null,
    rootKeyId: null,
  }),
  ...Array.from({ length: 117 }, (_, n) => issuance(n + 3)),
];

export const revocation: RevocationPreview = {
  keyId: FIRST_ROOT,
  state: 'old',
  possible: true,
  text: 'Nobody who has the new bundle trusts it any more; its key is destroyed.',
  hash: 'f00d',
  breaks: [
    {
      cluster: 'edge-1',
      namespace: 'shop-web',
      workload: 'Deployment/web',
      pods: 8,
    },
  ],
  issuerClusters: ['edge-1'],
  silentClusters: ['edge-1'],
};

export const clusterIssuers: ClusterIssuers = {
  coverage: cloudA.coverage,
  items: [
    {
      gns: 'shop',
      issuer: cloudA.issuer,
      formerIssuers: [],
      bundleEpoch: 4,
      aloneUntil: cloudA.aloneUntil,
      pods: cloudA.pods,
    },
    {
      gns: 'bank',
      issuer: issuerOf('7', hex('c0'), {
        notBefore: ago(6.5 * DAY),
        notAfter: ahead(12 * HOUR),
        renewAt: ago(3 * DAY),
      }),
      formerIssuers: [],
      bundleEpoch: 2,
      aloneUntil: ahead(12 * HOUR),
      pods: podCounts({ total: 6, own: 6 }),
    },
  ],
  aloneUntil: ahead(12 * HOUR),
};
