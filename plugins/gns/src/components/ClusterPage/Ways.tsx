import { Link } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { clusterRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { Reached } from '../ClustersView/Reached';
import { type DataColumn, DataTable } from '../state/DataTable';

/** Both directions between this cluster's gateway and those of the others. */
export function Ways(props: {
  cluster: Cluster;
  clusters: readonly Cluster[];
}) {
  const { t } = useGnsTranslation();
  const clusterLink = useRouteRef(clusterRouteRef);
  const { cluster } = props;
  const others = props.clusters.filter(
    one => one.name !== cluster.name && one.state !== 'waiting',
  );
  const columns: DataColumn<Cluster>[] = [
    {
      id: 'other',
      label: t('clusters.cluster'),
      cell: one => (
        <Link href={clusterLink?.({ cluster: one.name }) ?? '#'}>
          {one.title ?? one.name}
        </Link>
      ),
    },
    {
      id: 'out',
      label: t('cluster.reachesIt', { name: cluster.name }),
      cell: one => <Reached from={cluster} to={one.name} />,
    },
    {
      id: 'in',
      label: t('cluster.isReached', { name: cluster.name }),
      cell: one => <Reached from={one} to={cluster.name} />,
    },
  ];
  return (
    <DataTable
      label={t('clusters.reachability')}
      columns={columns}
      rows={others}
      rowKey={one => one.name}
    />
  );
}
