import { Link } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type GlobalService } from '@isthmus/plugin-gns-common';
import { clusterRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { type DataColumn, DataTable } from '../state/DataTable';
import { FreshnessMark } from '../state/FreshnessChip';
import { useReadyText } from '../state/Ready';
import { useGlobalService } from './ServiceContext';

type Place = GlobalService['endpoints'][number];

/** The endpoints of the service per cluster, with what stands behind them. */
export function ServicePlaces() {
  const { t } = useGnsTranslation();
  const { gns, service } = useGlobalService();
  const clusterLink = useRouteRef(clusterRouteRef);
  const readyText = useReadyText();
  const columns: DataColumn<Place>[] = [
    {
      id: 'cluster',
      label: t('members.cluster'),
      cell: one => (
        <Link href={clusterLink?.({ cluster: one.cluster }) ?? '#'}>
          {one.cluster}
        </Link>
      ),
    },
    {
      id: 'freshness',
      label: t('members.freshness'),
      cell: one => {
        const found = gns.clusters.find(c => c.cluster === one.cluster);
        return found ? (
          <FreshnessMark state={found.state} dataAt={found.dataAt} />
        ) : (
          t('common.unknown')
        );
      },
    },
    {
      id: 'service',
      label: t('service.kubernetesService'),
      cell: one => (
        <code className={styles.mono}>{`${one.namespace}/${one.service}`}</code>
      ),
    },
    {
      id: 'workloads',
      label: t('service.workloads'),
      cell: one =>
        one.workloads.length === 0 ? (
          t('common.none')
        ) : (
          <ul className={styles.stack}>
            {one.workloads.map(workload => (
              <li key={workload}>
                <code className={styles.mono}>{workload}</code>
              </li>
            ))}
          </ul>
        ),
    },
    {
      id: 'ready',
      label: t('service.ready'),
      cell: one => readyText(one.ready, one.total),
    },
    {
      id: 'publication',
      label: t('services.publication'),
      cell: one => {
        if (one.awaitingApproval) return t('members.awaitingApproval');
        return one.published
          ? t('services.published')
          : t('services.unpublished');
      },
    },
  ];
  return (
    <DataTable
      label={t('service.places')}
      columns={columns}
      rows={service.endpoints}
      rowKey={one => `${one.cluster}/${one.namespace}/${one.service}`}
    />
  );
}
