/** One rule of Prometheus' `metric_relabel_configs`. */
interface Relabelling {
  action?: 'keep';
  source_labels?: string[];
  regex?: string;
  target_label?: string;
  replacement?: string;
}

/** Envoy's names of its upstream clusters to a host: `outbound|80||stock.shop.gns.example`. */
const TO_HOST = 'outbound\\|\\d+\\|[^|]*\\|(.+)';

const RENAMED: readonly [envoy: string, istio: string][] = [
  ['envoy_cluster_upstream_rq', 'istio_requests_total'],
  ...['bucket', 'sum', 'count'].map((part): [string, string] => [
    `envoy_cluster_upstream_rq_time_${part}`,
    `istio_request_duration_milliseconds_${part}`,
  ]),
];

/**
 * Stock Envoy lacks the filter that makes Istio's metrics. What it counts of
 * its upstreams is the same as what a client's proxy tells there, so these
 * rules give it Istio's names and labels. The server's side has no counterpart.
 */
function asIstioTells(): Relabelling[] {
  const set = (target_label: string, replacement: string): Relabelling => ({
    target_label,
    replacement,
  });
  const copy = (source: string, target_label: string): Relabelling => ({
    source_labels: [source],
    target_label,
  });
  const names = RENAMED.map(([envoy]) => envoy).join('|');
  return [
    {
      action: 'keep',
      source_labels: ['__name__', 'cluster_name'],
      regex: `(?:${names});${TO_HOST}`,
    },
    // The same name has sums by class of codes, too.
    {
      action: 'keep',
      source_labels: ['__name__', 'response_code'],
      regex: 'envoy_cluster_upstream_rq;\\d+|envoy_cluster_upstream_rq_time_.*',
    },
    {
      source_labels: ['cluster_name'],
      regex: TO_HOST,
      target_label: 'destination_service',
      replacement: '$1',
    },
    ...RENAMED.map(
      ([envoy, istio]): Relabelling => ({
        source_labels: ['__name__'],
        regex: envoy,
        target_label: '__name__',
        replacement: istio,
      }),
    ),
    set('reporter', 'source'),
    set('request_protocol', 'http'),
    set('response_flags', '-'),
    copy('cluster', 'source_cluster'),
    copy('namespace', 'source_workload_namespace'),
    copy('workload', 'source_workload'),
    copy('workload', 'source_canonical_service'),
  ];
}

/** Configuration of a cluster's Prometheus: the proxies as they are, and once more under Istio's names. */
export function prometheusConfig(targetsDir: string): object {
  const proxies = {
    metrics_path: '/stats/prometheus',
    file_sd_configs: [
      { files: [`${targetsDir}/*.json`], refresh_interval: '5s' },
    ],
  };
  return {
    global: { scrape_interval: '2s', scrape_timeout: '2s' },
    scrape_configs: [
      { job_name: 'envoy', ...proxies },
      {
        job_name: 'istio',
        ...proxies,
        metric_relabel_configs: asIstioTells(),
      },
    ],
  };
}
