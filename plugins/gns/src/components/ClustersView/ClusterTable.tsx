import { Badge, Link } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { clusterRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { type DataColumn, DataTable } from '../state/DataTable';
import { FreshnessMark } from '../state/FreshnessChip';
import { useAge } from '../state/RelativeTime';
import { GatewayAddress } from './GatewayAddress';

/** Clusters as a table; the name leads to the page of one. */
export function ClusterTable(props: { clusters: Cluster[] }) {
  const { t } = useGnsTranslation();
  const clusterLink = useRouteRef(clusterRouteRef);
  const columns: DataColumn<Cluster>[] = [
    {
      id: 'cluster',
      label: t('clusters.cluster'),
      cell: one => (
        <div className={styles.column} style={{ gap: 4 }}>
          <Link href={clusterLink?.({ cluster: one.name }) ?? '#'}>
            {one.title ?? one.name}
          </Link>
          <span className={styles.line}>
            {one.title ? <code className={styles.mono}>{one.name}</code> : null}
            {one.simulated ? <Badge>{t('common.simulated')}</Badge> : null}
            {one.observed ? <Badge>{t('cluster.observed')}</Badge> : null}
            {one.paused ? <Badge>{t('common.paused')}</Badge> : null}
            {one.drained ? <Badge>{t('cluster.drained')}</Badge> : null}
          </span>
        </div>
      ),
    },
    {
      id: 'state',
      label: t('clusters.state'),
      cell: one => <ClusterState cluster={one} />,
    },
    {
      id: 'versions',
      label: t('clusters.versions'),
      cell: one => <Versions cluster={one} />,
    },
    {
      id: 'network',
      label: t('clusters.network'),
      cell: one => (
        <ul className={styles.stack}>
          <li>{one.network ?? t('common.unknown')}</li>
          {one.region ? <li className={styles.quiet}>{one.region}</li> : null}
        </ul>
      ),
    },
    {
      id: 'epoch',
      label: t('clusters.epoch'),
      cell: one =>
        one.state === 'waiting' ? (
          '—'
        ) : (
          <ul className={styles.stack}>
            <li>
              <code className={styles.mono}>
                {`${one.appliedEpoch} / ${one.desiredEpoch}`}
              </code>
            </li>
            <li className={styles.quiet}>
              {one.appliedEpoch === one.desiredEpoch
                ? t('members.upToDate')
                : t('members.behind')}
            </li>
          </ul>
        ),
    },
    {
      id: 'gateways',
      label: t('clusters.gateways'),
      cell: one =>
        one.gateways.length === 0 ? (
          <span className={styles.quiet}>
            {one.state === 'waiting'
              ? t('common.unknown')
              : t('clusters.noGateway')}
          </span>
        ) : (
          <ul className={styles.stack}>
            {one.gateways.map(gateway => (
              <li key={`${gateway.namespace}/${gateway.name}`}>
                <GatewayAddress gateway={gateway} />
              </li>
            ))}
          </ul>
        ),
    },
  ];
  return (
    <DataTable
      label={t('views.clusters')}
      columns={columns}
      rows={props.clusters}
      rowKey={one => one.name}
    />
  );
}

function ClusterState(props: { cluster: Cluster }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { cluster } = props;
  return (
    <ul className={styles.stack}>
      <li>{t(`clusters.${cluster.state}`)}</li>
      {cluster.state === 'waiting' ? null : (
        <li>
          <FreshnessMark
            state={cluster.freshness}
            dataAt={cluster.lastSeenAt}
          />
        </li>
      )}
      {cluster.tokenExpiresAt ? (
        <li className={styles.quiet}>
          {t('clusters.tokenUntil', { age: age(cluster.tokenExpiresAt) })}
        </li>
      ) : null}
      {cluster.pausedLocally.length > 0 ? (
        <li>
          {cluster.pausedLocally.includes('*')
            ? t('clusters.pausedWhole')
            : t('clusters.pausedSome', {
                names: cluster.pausedLocally.join(', '),
              })}
        </li>
      ) : null}
    </ul>
  );
}

function Versions(props: { cluster: Cluster }) {
  const { t } = useGnsTranslation();
  const { kubernetesVersion, istioVersions, controllerVersion } = props.cluster;
  const unknown = t('common.unknown');
  return (
    <ul className={`${styles.stack} ${styles.nowrap}`}>
      <li>
        {t('clusters.istio', { version: istioVersions.join(', ') || unknown })}
      </li>
      <li>
        {t('clusters.kubernetes', { version: kubernetesVersion ?? unknown })}
      </li>
      <li>
        {t('clusters.controller', { version: controllerVersion ?? unknown })}
      </li>
    </ul>
  );
}
