import { LABEL_REMOTE_CLUSTER } from '../objectNames';

/**
 * Local first, others when local fails. Istio puts endpoints whose value of
 * the label equals the calling proxy's in priority 0: pods (of this cluster)
 * and proxies both lack it, gateway endpoints of other clusters carry it. This
 * holds for clusters in one region and for proxies that do not know their
 * network, where localities and `topology.istio.io/network` would not.
 *
 * Outlier detection is what lets Envoy leave a priority; an application's own
 * 500 ejects nothing, because other clusters would answer alike.
 */
export function destinationRuleSpec(host: string, exportTo: readonly string[]) {
  return {
    host,
    exportTo,
    trafficPolicy: {
      loadBalancer: {
        localityLbSetting: {
          enabled: true,
          failoverPriority: [LABEL_REMOTE_CLUSTER],
        },
      },
      outlierDetection: {
        splitExternalLocalOriginErrors: true,
        // Istio tries a call three times: two refusals eject, the third try goes abroad.
        consecutiveLocalOriginFailures: 2,
        consecutiveGatewayErrors: 3,
        consecutive5xxErrors: 0,
        interval: '2s',
        baseEjectionTime: '10s',
        maxEjectionPercent: 100,
      },
    },
  };
}
