import type { LabelMatcher } from '../prometheus/promql/parse';
import type { SeriesStore, StoredSeries } from '../prometheus/promql/evaluate';
import type { ShopCluster, ShopPlacement } from '../model/shop';
import { shopService } from '../model/shop';
import { FlowCounts, type Counted } from './FlowCounts';
import { FLOWS, flowKey, placementOf, protocolOf, type Flow } from './flows';
import type { Incidents } from './incidents';
import { lot, Rhythm } from './rhythm';
import { ScrapedSeries } from './ScrapedSeries';

/** Bounds of Istio's histograms, milliseconds. */
const BOUNDS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
  60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];
/** Hours east of Greenwich where people shop. */
const HOURS_EAST: Readonly<Record<string, number>> = {
  'aws-frankfurt': 1,
  'gcp-tokyo': 9,
  'edge-osaka': 9,
};
const DOMAIN = 'shop.gns.example';

/** A proxy that is scraped. */
interface Proxy {
  readonly instance: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds after a whole multiple at which it is scraped. */
  readonly phase: number;
  /** It starts anew, with all counters at zero, once in so many seconds. */
  readonly life: number;
  readonly bornAt: number;
  readonly inFirstZone: boolean;
}

/** All that the Prometheus of one cluster has of Istio's proxies. */
export class ClusterSeries implements SeriesStore {
  readonly #byName = new Map<string, StoredSeries[]>();
  readonly #rhythms = new Map<string, Rhythm>();

  constructor(
    private readonly cluster: ShopCluster,
    private readonly clusters: readonly ShopCluster[],
    private readonly incidents: Incidents,
    /** Unix seconds. */
    private readonly now: () => number,
  ) {
    this.#build();
    // An incident brings outcomes that were not there before.
    incidents.onChange(() => this.#build());
  }

  select(matchers: readonly LabelMatcher[]): readonly StoredSeries[] {
    const name = matchers.find(m => m.label === '__name__')?.equals;
    const candidates =
      name === undefined
        ? [...this.#byName.values()].flat()
        : this.#byName.get(name) ?? [];
    return candidates.filter(({ labels }) =>
      matchers.every(m => m.matches(labels[m.label] ?? '')),
    );
  }

  #build(): void {
    this.#byName.clear();
    const { cluster } = this;
    for (const placement of cluster.placements) {
      for (const proxy of this.#proxies(cluster, placement)) {
        this.#add(
          { __name__: 'istio_build', component: 'proxy', tag: '1.31.0' },
          proxy,
          () => 1,
        );
      }
    }
    for (const flow of FLOWS) {
      if (flow.from === cluster.name && flow.caller !== undefined) {
        this.#addView(flow, 'client');
      }
      if (flow.to === cluster.name) this.#addView(flow, 'server');
    }
  }

  #clusterNamed(name: string): ShopCluster | undefined {
    return this.clusters.find(c => c.name === name);
  }

  #proxies(cluster: ShopCluster, placement: ShopPlacement): Proxy[] {
    const { namespace, service, replicas } = placement;
    const isInjected = cluster.namespaces.some(
      n => n.name === namespace && n.injected,
    );
    if (!isInjected) return [];
    return Array.from({ length: replicas }, (_, i) => {
      const seed = `${cluster.name}/${namespace}/${service}/${i}`;
      const instance = `${cluster.podNetwork}.${
        100 + Math.floor(lot(seed) * 100)
      }.${1 + Math.floor(lot(`${seed} ip`) * 250)}:15020`;
      const life = 3600 * (5 + 9 * lot(`${seed} life`));
      return {
        instance,
        labels: {
          job: 'istio-proxies',
          instance,
          namespace,
          pod: `${service}-${i}`,
        },
        phase: 0.25 + Math.floor(lot(`${seed} phase`) * 14),
        life,
        bornAt: life * lot(`${seed} born`),
        inFirstZone: i % cluster.zones.length === 0,
      };
    });
  }

  #add(
    labels: Readonly<Record<string, string>>,
    proxy: Proxy,
    value: (time: number) => number,
  ): void {
    const name = labels.__name__;
    const all = this.#byName.get(name) ?? [];
    all.push(
      new ScrapedSeries(
        { ...labels, ...proxy.labels },
        proxy.phase,
        this.now,
        value,
      ),
    );
    this.#byName.set(name, all);
  }

  #addView(flow: Flow, view: 'client' | 'server'): void {
    const caller = this.#clusterNamed(flow.from);
    const callee = this.#clusterNamed(flow.to);
    const target = callee && placementOf(callee, flow.callee);
    const source = caller && flow.caller && placementOf(caller, flow.caller);
    if (!target || !callee || (flow.caller && !source)) return;
    const servers = this.#proxies(callee, target);
    const reporters =
      view === 'server'
        ? servers
        : this.#proxies(caller!, source as ShopPlacement);
    const share = servers.filter(p => p.inFirstZone).length / servers.length;
    const edge = edgeLabels(flow, view, {
      source: source || undefined,
      target,
      home: this.#homeNamespace(flow.callee),
    });
    const countsWith = (inFirstZone: number) =>
      new FlowCounts(
        flow,
        { view, inFirstZone },
        this.#rhythmOf(flow),
        this.incidents,
      );
    const [asClient, outside, inside] = [share, 0, 1].map(countsWith);
    for (const proxy of reporters) {
      const asServer = proxy.inFirstZone ? inside : outside;
      const counts = view === 'server' ? asServer : asClient;
      this.#addProxy(edge, { proxy, counts, of: reporters.length });
    }
  }

  #rhythmOf(flow: Flow): Rhythm {
    const key = flowKey(flow);
    let rhythm = this.#rhythms.get(key);
    if (!rhythm) {
      rhythm = new Rhythm(key, HOURS_EAST[flow.from] ?? 0);
      this.#rhythms.set(key, rhythm);
    }
    return rhythm;
  }

  /** Where a global host's entries live here: where it is served, else the first namespace with proxies. */
  #homeNamespace(service: string): string {
    const placed = placementOf(this.cluster, service);
    return (
      placed?.namespace ??
      this.cluster.namespaces.find(n => n.injected)?.name ??
      'default'
    );
  }

  #addProxy(
    edge: Readonly<Record<string, string>>,
    { proxy, counts, of }: { proxy: Proxy; counts: FlowCounts; of: number },
  ): void {
    const series = (
      labels: Record<string, string>,
      key: string,
      counted: Counted,
    ) => {
      const total = (time: number) => counts.upTo(time, key, counted) / of;
      this.#add(labels, proxy, time => {
        const born =
          Math.floor((time - proxy.bornAt) / proxy.life) * proxy.life +
          proxy.bornAt;
        const value = total(time) - total(born);
        return counted.durations ? value : Math.floor(value);
      });
    };
    for (const outcome of counts.outcomes()) {
      const { code, status, flags } = outcome;
      const labels = {
        ...edge,
        response_code: code,
        ...(status === undefined ? {} : { grpc_response_status: status }),
        response_flags: flags,
      };
      const name = 'istio_request_duration_milliseconds';
      const key = `${code} ${status} ${flags}`;
      series({ ...labels, __name__: 'istio_requests_total' }, key, { outcome });
      series({ ...labels, __name__: `${name}_count` }, key, { outcome });
      series({ ...labels, __name__: `${name}_sum` }, `${key} sum`, {
        outcome,
        durations: true,
      });
      for (const bound of [...BOUNDS, Infinity]) {
        const le = bound === Infinity ? '+Inf' : String(bound);
        series({ ...labels, __name__: `${name}_bucket`, le }, `${key} ${le}`, {
          outcome,
          bound,
        });
      }
    }
  }
}

/** Istio's labels of a flow, as its client or its server writes them. */
function edgeLabels(
  flow: Flow,
  view: 'client' | 'server',
  places: {
    source: ShopPlacement | undefined;
    target: ShopPlacement;
    home: string;
  },
): Record<string, string> {
  const { source, target, home } = places;
  const isPlain = flow.caller === undefined;
  return {
    reporter: view === 'client' ? 'source' : 'destination',
    ...side('source', flow.from, source),
    ...side('destination', flow.to, target),
    destination_service: `${flow.callee}.${DOMAIN}`,
    destination_service_name: `${flow.callee}.${DOMAIN}`,
    destination_service_namespace: view === 'client' ? home : target.namespace,
    request_protocol: protocolOf(flow),
    connection_security_policy: securityOf(view, isPlain),
  };
}

function securityOf(view: 'client' | 'server', isPlain: boolean): string {
  if (view === 'client') return 'unknown';
  return isPlain ? 'none' : 'mutual_tls';
}

function side(
  which: 'source' | 'destination',
  cluster: string,
  placement: ShopPlacement | undefined,
): Record<string, string> {
  const service = placement?.service ?? 'unknown';
  return {
    [`${which}_cluster`]: placement ? cluster : 'unknown',
    [`${which}_workload_namespace`]: placement?.namespace ?? 'unknown',
    [`${which}_workload`]: service,
    [`${which}_app`]: service,
    [`${which}_canonical_service`]: service,
    [`${which}_canonical_revision`]: placement
      ? shopService(placement.service).version
      : 'latest',
  };
}
