import {
  INVENTORY_KINDS,
  type Check,
  type CheckName,
  type Condition,
} from '@isthmus/plugin-gns-common';
import { listNames } from '../composition/statement';
import { gatewayFinding, reachedFinding } from './gatewayChecks';
import type { ConnectionFacts, Finding } from './types';

/** Minor releases of Istio: what this suite is tried with, and what is too far from it. */
const TRIED_ISTIO = 31;
const OLDEST_ISTIO = 28;

const WAITING: Finding = {
  state: 'waiting',
  reason: 'notReported',
  evidence: 'It is looked at once the controller has reported.',
};

type Judge = (facts: ConnectionFacts) => Finding;

const JUDGES: Readonly<Record<CheckName, Judge>> = {
  istioVersion,
  injection,
  eastWestGateway: gatewayFinding,
  gatewayReachable: reachedFinding,
  rootOfTrust,
  prometheus,
  permissions,
  networkRegion,
  clock,
};

/** What does not matter for a cluster that is only read: it serves no other, and no controller signs requests. */
const MEMBERS_ONLY: ReadonlySet<CheckName> = new Set([
  'eastWestGateway',
  'gatewayReachable',
  'rootOfTrust',
  'clock',
]);

/** What is there, one check after the other, each with what to do about it. Pure. */
export function checksOf(facts: ConnectionFacts): Check[] {
  const at = facts.observed?.lastReportAt;
  const names = (Object.keys(JUDGES) as CheckName[]).filter(
    check => !facts.cluster.observed || !MEMBERS_ONLY.has(check),
  );
  return names.map(check => {
    const finding =
      at === undefined ? unreported(check, facts) : JUDGES[check](facts);
    return {
      check,
      state: finding.state,
      reason: finding.reason,
      evidence: finding.evidence,
      remedy: finding.remedy ?? '',
      ...(at === undefined ? {} : { checkedAt: at }),
    };
  });
}

/** The clock shows in refused requests, before any report. */
function unreported(check: CheckName, facts: ConnectionFacts): Finding {
  return check === 'clock' && facts.cluster.lastUnauthorizedWhy === 'clock'
    ? clock(facts)
    : WAITING;
}

export function conditionOf(
  { observed }: ConnectionFacts,
  type: string,
): Condition | undefined {
  return observed?.conditions.find(c => c.type === type && c.status !== 'True');
}

/** Nothing of this kind was reported yet, though the controller reports. */
function unseen(what: string): Finding {
  return {
    state: 'unknown',
    reason: 'unseen',
    evidence: `The controller has not reported ${what} yet.`,
    remedy:
      'Wait a moment; if it stays so, look at the log of the controller (kubectl -n isthmus-system logs deployment/isthmus-controller).',
  };
}

function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function istioVersion({ inventory }: ConnectionFacts): Finding {
  const versions = inventory?.mesh?.istioVersions;
  if (versions === undefined) return unseen('the facts of the mesh');
  if (versions.length === 0) {
    return {
      state: inventory?.marks.mesh === 'complete' ? 'failed' : 'unknown',
      reason: 'noIstio',
      evidence: 'There is no Deployment with the label app=istiod.',
      remedy:
        'Install Istio; where istiod runs in another namespace than istio-system, name that to the controller (--istio-namespace).',
    };
  }
  const old = versions.filter(v => (minorOf(v) ?? OLDEST_ISTIO) < OLDEST_ISTIO);
  if (old.length > 0) {
    return {
      state: 'warning',
      reason: 'oldIstio',
      evidence: `Istio ${listNames(
        old,
      )} is far older than 1.${TRIED_ISTIO}, which this suite is tried with.`,
      remedy: 'Upgrade Istio before services depend on this cluster.',
    };
  }
  return {
    state: 'ok',
    reason: 'found',
    evidence: `Istio ${listNames(versions)}.`,
  };
}

function injection({ inventory }: ConnectionFacts): Finding {
  if (!inventory || inventory.marks.namespaces === 'never') {
    return unseen('its namespaces');
  }
  const of = (kind: string) =>
    inventory.namespaces.filter(n => n.injection === kind).map(n => n.name);
  const [sidecar, ambient] = [of('sidecar'), of('ambient')];
  if (sidecar.length === 0) {
    return {
      state: 'warning',
      reason: ambient.length > 0 ? 'ambientOnly' : 'noneInjected',
      evidence:
        ambient.length > 0
          ? `Only ambient namespaces: ${listNames(
              ambient,
            )}. They are not supported yet.`
          : 'No namespace is injected: none of its pods could serve or call global services.',
      remedy:
        'Label the namespaces that shall take part istio-injection=enabled (or istio.io/rev), then restart their pods.',
    };
  }
  return {
    state: 'ok',
    reason: 'injected',
    evidence: `Sidecars are injected in ${listNames(sidecar)}.`,
  };
}

function rootOfTrust({
  facts,
  neighbours,
  inventory,
}: ConnectionFacts): Finding {
  if (!facts || !inventory?.mesh) return unseen('the facts of the mesh');
  if (facts.rootHashes.size === 0) {
    return {
      state: 'failed',
      reason: 'rootUnknown',
      evidence:
        'It is not known which root its proxies trust: the ConfigMap istio-ca-root-cert of istio-system was not read.',
      remedy:
        'Check that istiod runs, and that the controller may read this ConfigMap.',
    };
  }
  const own = [...facts.rootHashes].map(h => h.slice(0, 16));
  if (neighbours.length === 0) {
    return {
      state: 'ok',
      reason: 'firstCluster',
      evidence: `Its root is ${listNames(
        own,
      )}. Clusters that join later have to share it.`,
    };
  }
  const strangers = neighbours
    .filter(n => ![...n.facts.rootHashes].some(h => facts.rootHashes.has(h)))
    .map(n => n.name);
  if (strangers.length === 0) {
    return {
      state: 'ok',
      reason: 'shared',
      evidence: `It shares a root with ${listNames(
        neighbours.map(n => n.name),
      )}.`,
    };
  }
  const none = strangers.length === neighbours.length;
  return {
    state: none ? 'failed' : 'warning',
    reason: none ? 'noSharedRoot' : 'someShare',
    evidence: `It shares no root with ${listNames(
      strangers,
    )}: nothing is routed between them.`,
    remedy:
      'Install certificates under one common root in every cluster (Istio: secret cacerts in istio-system), then restart istiod and the workloads. Or give the global namespace an authority of its own (authority.mode: dedicated): then no common root is needed.',
  };
}

function prometheus(facts: ConnectionFacts): Finding {
  const { telemetry } = facts;
  const told = conditionOf(facts, 'TelemetryCollected');
  if (told) {
    return {
      state: 'warning',
      reason: 'notCollected',
      evidence: told.message,
      remedy: `Mend what the message names; topology and objectives know nothing of this cluster until then.`,
    };
  }
  switch (telemetry.state) {
    case 'ok':
      return {
        state: 'ok',
        reason: 'measured',
        evidence: `Traffic is measured${
          telemetry.dataAt ? `, up to ${telemetry.dataAt}` : ''
        }.`,
      };
    case 'troubled':
      return {
        state: 'warning',
        reason: 'notCollected',
        evidence: telemetry.message,
        remedy:
          'Check the Prometheus that the controller was given, and that it scrapes the proxies.',
      };
    default:
      return {
        state: 'warning',
        reason: 'noPrometheus',
        evidence:
          'No traffic was ever measured: the controller was given no Prometheus.',
        remedy:
          'Give it one: helm upgrade … --reuse-values --set-string prometheusUrl=http://…, or the flag --prometheus-url. Without it topology and objectives know nothing of this cluster.',
      };
  }
}

function permissions(facts: ConnectionFacts): Finding {
  const { inventory, observed } = facts;
  const unread = (observed?.conditions ?? []).filter(
    c => c.type === 'InventoryComplete' && c.status !== 'True',
  );
  if (unread.length > 0) {
    return {
      state: 'failed',
      reason: 'cannotRead',
      evidence: unread
        .map(c => c.message)
        .join('; ')
        .slice(0, 1000),
      remedy:
        'Apply the ClusterRole of the join manifest again (POST clusters/{name}/token makes a new one), and check that nothing took rights away from the service account isthmus-system/isthmus-controller.',
    };
  }
  const forbidden = (observed?.objectStates ?? []).find(
    o =>
      o.state === 'failed' &&
      /forbidden|cannot (create|patch|delete)/i.test(o.message ?? ''),
  );
  if (forbidden) {
    return {
      state: 'failed',
      reason: 'cannotWrite',
      evidence: `${forbidden.key}: ${forbidden.message}`.slice(0, 1000),
      remedy:
        'Apply the ClusterRole of the join manifest again, and check admission policies that refuse our objects.',
    };
  }
  const never = INVENTORY_KINDS.filter(
    kind => (inventory?.marks[kind] ?? 'never') === 'never',
  );
  if (never.length > 0) return unseen(`its ${listNames(never)}`);
  return {
    state: 'ok',
    reason: 'sufficient',
    evidence: 'It reads all that it has to report, and no write was forbidden.',
  };
}

function networkRegion({
  facts,
  inventory,
  neighbours,
}: ConnectionFacts): Finding {
  const mesh = inventory?.mesh;
  if (!facts || !mesh) return unseen('the facts of the mesh');
  if (!mesh.network) {
    return {
      state: facts.networks.size > 0 ? 'warning' : 'failed',
      reason: 'networkUnset',
      evidence: 'The namespace of istiod has no topology.istio.io/network.',
      remedy:
        'Label it: kubectl label namespace istio-system topology.istio.io/network=<a name of its own>; restart istiod and the workloads.',
    };
  }
  const same = neighbours
    .filter(n => [...n.facts.networks].some(w => facts.networks.has(w)))
    .map(n => n.name);
  if (same.length > 0) {
    return {
      state: 'failed',
      reason: 'sameNetwork',
      evidence: `It is in the same network (${listNames([
        ...facts.networks,
      ])}) as ${listNames(same)}: nothing is routed between them.`,
      remedy: 'Give every cluster its own topology.istio.io/network.',
    };
  }
  if (facts.regions.size === 0) {
    return {
      state: 'warning',
      reason: 'regionUnknown',
      evidence: `Network ${mesh.network}; its nodes name no region, so the nearest clusters are told by latency alone.`,
      remedy: 'Label the nodes topology.kubernetes.io/region and …/zone.',
    };
  }
  return {
    state: 'ok',
    reason: 'known',
    evidence: `Network ${mesh.network}, ${
      facts.regions.size === 1 ? 'region' : 'regions'
    } ${listNames([...facts.regions])}.`,
  };
}

function clock(facts: ConnectionFacts): Finding {
  const remedy = 'Set the clock of the nodes by NTP.';
  const told = conditionOf(facts, 'ClockInStep');
  if (told) {
    return {
      state: 'failed',
      reason: 'clockOff',
      evidence: told.message,
      remedy,
    };
  }
  const { lastUnauthorizedAt, lastUnauthorizedWhy } = facts.cluster;
  if (
    lastUnauthorizedWhy === 'clock' &&
    lastUnauthorizedAt !== undefined &&
    !(lastUnauthorizedAt <= (facts.observed?.lastReportAt ?? ''))
  ) {
    return {
      state: 'failed',
      reason: 'clockOff',
      evidence: `At ${lastUnauthorizedAt} the hub refused a request that was signed by the right key at another time.`,
      remedy,
    };
  }
  return {
    state: 'ok',
    reason: 'inStep',
    evidence: 'Its clock and the hub agree within five minutes.',
  };
}
