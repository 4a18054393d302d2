import { Badge, Text } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTranslationRef } from '../../translation';
import { registerCommand } from '../GnsListPage/exampleDefinition';
import { useHubUrl } from '../GnsListPage/useHubUrl';
import { ConditionList } from '../GnsPage/ConditionList';
import { openConditions } from '../GnsPage/sortConditions';
import styles from '../GnsPage/GnsPage.module.css';
import { type DataColumn, DataTable } from '../state/DataTable';
import { EmptyView } from '../state/EmptyView';
import { FreshnessMark } from '../state/FreshnessChip';
import { HubBanner, SimulatedNotice } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { useAge } from '../state/RelativeTime';
import { Updated } from '../state/Updated';
import { ReachabilityMatrix } from './ReachabilityMatrix';

/** Member clusters: state, freshness, versions, gateways, reachability. */
export function ClustersView() {
  const { t } = useTranslationRef(gnsTranslationRef);
  const live = useLive('clusters', (api, signal) => api.listClusters(signal), {
    topics: ['clusters', 'status'],
  });
  const url = useHubUrl();
  return (
    <>
      <HubBanner />
      <LiveView live={live} permission="gns.cluster.read">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyView
              title={t('clusters.empty')}
              text={t('clusters.emptyText')}
              command={registerCommand(url)}
            />
          ) : (
            <>
              <SimulatedNotice clusters={items} />
              <div className={styles.bar}>
                <span>{t('count.clusters', { count: items.length })}</span>
                <Updated live={live} />
              </div>
              <section className={styles.section}>
                <ClusterTable clusters={items} />
              </section>
              {items.some(one => openConditions(one.conditions).length > 0) ? (
                <section className={styles.section}>
                  <Text
                    as="h2"
                    variant="title-x-small"
                    weight="bold"
                    className={styles.heading}
                  >
                    {t('clusters.conditions')}
                  </Text>
                  <ConditionList
                    conditions={items.flatMap(one => one.conditions)}
                  />
                </section>
              ) : null}
              <ReachabilityMatrix clusters={items} />
            </>
          )
        }
      </LiveView>
    </>
  );
}

function ClusterTable(props: { clusters: Cluster[] }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const columns: DataColumn<Cluster>[] = [
    {
      id: 'cluster',
      label: t('clusters.cluster'),
      cell: one => (
        <div className={styles.column} style={{ gap: 4 }}>
          <span>{one.title ?? one.name}</span>
          <span className={styles.line}>
            {one.title ? <code className={styles.mono}>{one.name}</code> : null}
            {one.simulated ? <Badge>{t('common.simulated')}</Badge> : null}
            {one.paused ? <Badge>{t('common.paused')}</Badge> : null}
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
                <code className={styles.mono}>
                  {`${gateway.addresses.join(', ') || '—'}:${gateway.port}`}
                </code>
                <div className={styles.quiet}>
                  {`${gateway.namespace}/${gateway.name}, `}
                  {gateway.ready
                    ? t('clusters.gatewayReady')
                    : t('clusters.gatewayNotReady')}
                </div>
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
  const { t } = useTranslationRef(gnsTranslationRef);
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
  const { t } = useTranslationRef(gnsTranslationRef);
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
