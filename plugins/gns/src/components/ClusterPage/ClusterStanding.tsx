import { Alert } from '@backstage/ui';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ConnectLink } from '../ConnectView/ConnectLink';
import { useAge } from '../state/RelativeTime';

/** What a person has done with the cluster, and what that means now. */
export function ClusterStanding(props: { cluster: Cluster }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { cluster } = props;
  const { pausedLocally, tokenExpiresAt } = cluster;
  return (
    <>
      {cluster.state === 'waiting' ? (
        <Alert
          mb="4"
          status={tokenExpiresAt ? 'info' : 'warning'}
          icon
          title={t('clusters.waiting')}
          description={
            tokenExpiresAt
              ? t('clusters.tokenUntil', { age: age(tokenExpiresAt) })
              : t('cluster.tokenGone')
          }
          customActions={<ConnectLink cluster={cluster.name} size="small" />}
        />
      ) : null}
      {cluster.state === 'disconnecting' ? (
        <Alert
          mb="4"
          status="warning"
          icon
          title={t('clusters.disconnecting')}
          description={t('cluster.disconnectingText')}
        />
      ) : null}
      {cluster.observed ? (
        <Alert
          mb="4"
          status="info"
          icon
          title={t('cluster.show_observed')}
          description={t('cluster.observedText')}
        />
      ) : null}
      {cluster.paused ? (
        <Alert
          mb="4"
          status="warning"
          icon
          title={t('overview.pausedTitle')}
          description={t('cluster.pausedText')}
        />
      ) : null}
      {pausedLocally.length > 0 ? (
        <Alert
          mb="4"
          status="warning"
          icon
          title={
            pausedLocally.includes('*')
              ? t('clusters.pausedWhole')
              : t('clusters.pausedSome', { names: pausedLocally.join(', ') })
          }
          description={t('cluster.pausedLocallyText')}
        />
      ) : null}
      {cluster.drained ? (
        <Alert
          mb="4"
          status="warning"
          icon
          title={t('cluster.drained')}
          description={t('cluster.drainedText')}
        />
      ) : null}
    </>
  );
}
