import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { Knex } from 'knex';
import type { FreshnessLimits } from '../members/freshness';

/** Metrics of the hub; does nothing where the backend has no metrics service. */
export function hubMetrics(
  metrics: MetricsService | undefined,
  options: {
    knex: Knex;
    config: { freshness: FreshnessLimits };
    now: () => number;
    /** Authorities that cannot sign, by reason. */
    authoritiesUnavailable: () => ReadonlyMap<string, number>;
  },
): { reconciled: (seconds: number) => void; stop: () => void } {
  const duration = metrics?.createHistogram('gns.reconcile.duration', {
    description: 'Time from reading to commit of one reconciliation',
    unit: 's',
  });
  const silent = metrics?.createObservableGauge('gns.clusters.silent', {
    description: 'Enrolled clusters whose last report is no longer fresh',
    unit: '{cluster}',
  });
  const unavailable = metrics?.createObservableGauge(
    'gns.authorities.unavailable',
    {
      description: 'Certificate authorities that cannot sign now, by reason',
      unit: '{authority}',
    },
  );
  const observeAuthorities = (result: {
    observe(value: number, attributes?: Record<string, string>): void;
  }) => {
    const counts = options.authoritiesUnavailable();
    // So that it is there to be watched before anything is wrong.
    if (counts.size === 0) result.observe(0);
    for (const [reason, count] of counts) result.observe(count, { reason });
  };
  unavailable?.addCallback(observeAuthorities);
  const observe = async (result: { observe(value: number): void }) => {
    const since = new Date(
      options.now() - options.config.freshness.staleAfterMs,
    ).toISOString();
    const [{ count }] = await options
      .knex('gns_clusters as c')
      .leftJoin('gns_observations as o', 'o.cluster_id', 'c.id')
      .where('c.state', 'enrolled')
      .andWhere(q =>
        q.whereNull('o.last_report_at').orWhere('o.last_report_at', '<', since),
      )
      .count({ count: '*' });
    result.observe(Number(count));
  };
  silent?.addCallback(observe);
  return {
    reconciled: seconds => duration?.record(seconds),
    stop: () => {
      silent?.removeCallback(observe);
      unavailable?.removeCallback(observeAuthorities);
    },
  };
}
