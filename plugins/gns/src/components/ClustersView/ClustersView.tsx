import { Alert, Button, SearchField, Select, Text } from '@backstage/ui';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ConnectLink } from '../ConnectView/ConnectLink';
import listStyles from '../GnsListPage/GnsListPage.module.css';
import { registerCommand } from '../GnsListPage/exampleDefinition';
import { useHubUrl } from '../GnsListPage/useHubUrl';
import { ConditionList } from '../GnsPage/ConditionList';
import { openConditions } from '../GnsPage/sortConditions';
import styles from '../GnsPage/GnsPage.module.css';
import { EmptyView } from '../state/EmptyView';
import { HubBanner, SimulatedNotice } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { SilentClusters } from '../state/SilentClusters';
import { Updated } from '../state/Updated';
import { useUrlChoice, useUrlClear, useUrlText } from '../useUrlChoice';
import { ClusterTable } from './ClusterTable';
import { coverageOf } from './coverageOf';
import { ReachabilityMatrix } from './ReachabilityMatrix';
import {
  CLUSTER_FILTERS,
  CLUSTER_ORDERS,
  type ClusterFilter,
  type ClusterOrder,
  selectClusters,
} from './selectClusters';

/** Member clusters: state, freshness, versions, gateways, reachability. */
export function ClustersView() {
  const { t } = useGnsTranslation();
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
              action={<ConnectLink />}
            />
          ) : (
            <Clusters items={items} updated={<Updated live={live} />} />
          )
        }
      </LiveView>
    </>
  );
}

function Clusters(props: { items: Cluster[]; updated: React.ReactNode }) {
  const { t } = useGnsTranslation();
  const [text, setText] = useUrlText('search');
  const [filter, setFilter] = useUrlChoice('show', CLUSTER_FILTERS);
  const [order, setOrder] = useUrlChoice('sort', CLUSTER_ORDERS);
  const clear = useUrlClear('search', 'show');
  const { items } = props;
  const shown = selectClusters(items, { text, filter, order });
  return (
    <>
      <SimulatedNotice clusters={items} />
      <SilentClusters coverage={coverageOf(items)} />
      <div className={listStyles.bar}>
        <SearchField
          className={listStyles.search}
          aria-label={t('cluster.search')}
          placeholder={t('cluster.search')}
          value={text}
          onChange={setText}
        />
        <Select
          className={listStyles.sort}
          aria-label={t('cluster.show')}
          options={CLUSTER_FILTERS.map(value => ({
            value,
            label: t(`cluster.show_${value}`),
          }))}
          value={filter}
          onChange={chosen => setFilter(chosen as ClusterFilter)}
        />
        <Select
          className={listStyles.sort}
          aria-label={t('list.sortBy')}
          options={CLUSTER_ORDERS.map(value => ({
            value,
            label: t(`cluster.sort_${value}`),
          }))}
          value={order}
          onChange={chosen => setOrder(chosen as ClusterOrder)}
        />
        <span className={listStyles.updated}>{props.updated}</span>
        <ConnectLink />
      </div>
      <p className={styles.quiet} role="status">
        {shown.length === items.length
          ? t('count.clusters', { count: items.length })
          : t('cluster.shown', {
              shown: String(shown.length),
              total: String(items.length),
            })}
      </p>
      {shown.length === 0 ? (
        <Alert
          status="info"
          icon
          title={t('cluster.noMatch')}
          customActions={
            <Button size="small" variant="secondary" onPress={clear}>
              {t('cluster.showAll')}
            </Button>
          }
        />
      ) : (
        <section className={styles.section}>
          <ClusterTable clusters={shown} />
        </section>
      )}
      <Conditions clusters={shown} />
      <ReachabilityMatrix clusters={items} shown={shown} />
    </>
  );
}

function Conditions(props: { clusters: Cluster[] }) {
  const { t } = useGnsTranslation();
  const conditions = props.clusters.flatMap(one => one.conditions);
  if (openConditions(conditions).length === 0) return null;
  return (
    <section className={styles.section}>
      <Text
        as="h2"
        variant="title-x-small"
        weight="bold"
        className={styles.heading}
      >
        {t('clusters.conditions')}
      </Text>
      <ConditionList conditions={conditions} />
    </section>
  );
}
