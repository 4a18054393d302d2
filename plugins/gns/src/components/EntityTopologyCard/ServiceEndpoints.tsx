import { type GlobalService, type GnsStatus } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { FreshnessMark } from '../state/FreshnessChip';
import { useReadyText } from '../state/Ready';

/** Where a service runs, how many pods are ready, and how old that knowledge is. */
export function ServiceEndpoints(props: {
  status: GnsStatus;
  service: GlobalService;
}) {
  const { t } = useGnsTranslation();
  const readyText = useReadyText();
  const { status, service } = props;
  return (
    <DataTable
      label={t('services.endpoints')}
      rows={service.endpoints}
      rowKey={one => `${one.cluster}/${one.namespace}/${one.service}`}
      columns={[
        {
          id: 'cluster',
          label: t('members.cluster'),
          cell: one => `${one.cluster} / ${one.namespace}`,
        },
        {
          id: 'ready',
          label: t('topology.ready'),
          cell: one => readyText(one.ready, one.total),
        },
        {
          id: 'freshness',
          label: t('members.freshness'),
          cell: one => {
            const known = status.clusters.find(
              cluster => cluster.cluster === one.cluster,
            );
            return known ? (
              <FreshnessMark state={known.state} dataAt={known.dataAt} />
            ) : (
              t('common.unknown')
            );
          },
        },
      ]}
    />
  );
}
