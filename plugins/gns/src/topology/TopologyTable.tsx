import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CopyButton } from '../components/state/CopyButton';
import { DataTable } from '../components/state/DataTable';
import { HealthMark } from '../components/state/HealthMark';
import { useReadyText } from '../components/state/Ready';
import { gnsTranslationRef } from '../translation';
import { reachableFrom, type TopologyGraph } from './graph';
import styles from './topology.module.css';

/** Everything that the graph shows, one row per service and gateway. */
export function TopologyTable(props: { name: string; graph: TopologyGraph }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const readyText = useReadyText();
  const { graph } = props;
  const from = reachableFrom(graph);
  const rows = graph.clusters.flatMap(cluster => [
    ...cluster.namespaces.flatMap(one => one.services),
    ...cluster.gateways,
  ]);
  return (
    <DataTable
      label={t('topology.label', { name: props.name })}
      rows={rows}
      rowKey={node => node.id}
      columns={[
        { id: 'name', label: t('topology.name'), cell: node => node.label },
        {
          id: 'kind',
          label: t('topology.kind'),
          cell: node => t(`topology.${node.kind}`),
        },
        {
          id: 'cluster',
          label: t('topology.cluster'),
          cell: node => node.cluster,
        },
        {
          id: 'namespace',
          label: t('topology.namespace'),
          cell: node => node.namespace ?? '',
        },
        {
          id: 'health',
          label: t('topology.health'),
          cell: node => <HealthMark health={node.health} />,
        },
        {
          id: 'ready',
          label: t('topology.ready'),
          cell: node =>
            node.kind === 'service' ? readyText(node.ready, node.total) : '—',
        },
        {
          id: 'from',
          label: t('topology.reachableFrom'),
          cell: node =>
            node.kind === 'service'
              ? from.get(node.id)?.join(', ') ?? t('topology.onlyLocal')
              : '—',
        },
        {
          id: 'host',
          label: t('services.host'),
          cell: node =>
            node.host ? (
              <span className={styles.host}>
                <code>{node.host}</code>
                <CopyButton text={node.host} />
              </span>
            ) : (
              '—'
            ),
        },
      ]}
    />
  );
}
