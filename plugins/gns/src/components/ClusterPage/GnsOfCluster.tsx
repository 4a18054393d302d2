import { Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { HealthMark } from '../state/HealthMark';
import { LiveView, SkeletonRows } from '../state/LiveView';

/** The global namespaces that have a member in the cluster. */
export function GnsOfCluster(props: { cluster: string }) {
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const live = useLive(
    'global-namespaces',
    (api, signal) => api.listGlobalNamespaces(signal),
    { topics: ['definitions', 'status', 'clusters', 'holds'] },
  );
  return (
    <LiveView
      live={live}
      permission="gns.definition.read"
      skeleton={<SkeletonRows rows={2} height={24} />}
    >
      {({ items }) => {
        const joined = items.filter(gns =>
          gns.clusters.some(one => one.cluster === props.cluster),
        );
        return joined.length === 0 ? (
          <Text color="secondary">{t('cluster.noGns')}</Text>
        ) : (
          <ul className={styles.list}>
            {joined.map(gns => (
              <li key={gns.name} className={styles.line}>
                <Link
                  href={tabLink?.({ name: gns.name, tab: 'clusters' }) ?? '#'}
                >
                  {gns.title ?? gns.name}
                </Link>
                <HealthMark health={gns.health} />
                <code className={styles.mono}>{gns.domain}</code>
              </li>
            ))}
          </ul>
        );
      }}
    </LiveView>
  );
}
