import { useMemo } from 'react';
import {
  type Health,
  type QuantileName,
  type TrafficEdge,
  type TrafficFigures,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { HealthMark } from '../../components/state/HealthMark';
import { useReadyText } from '../../components/state/Ready';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAmounts, useGraphWords } from '../canvas/look';
import { type View } from '../picture/view';
import { type SortColumn, SortTable } from './SortTable';
import styles from './table.module.css';

/** The worst comes first when sorted downwards. */
const SEVERITY: Record<Health, number> = {
  failing: 3,
  degraded: 2,
  unknown: 1,
  healthy: 0,
};

/** Everything that the graph shows: its nodes, and its calls. */
export function TrafficTable(props: {
  name: string;
  view: View;
  quantile: QuantileName;
  selected?: string;
  found?: ReadonlySet<string>;
  onSelect: (id: string) => void;
}) {
  const { view, quantile, found } = props;
  const { t } = useGnsTranslation();
  const amounts = useAmounts();
  const readyText = useReadyText();
  const words = useGraphWords(view.nodes, quantile);
  const nodes = useMemo(
    () => [...view.nodes.values()].filter(node => !view.boxes.has(node.id)),
    [view],
  );
  const edges = useMemo(() => [...view.edges.values()], [view]);
  const unknown = t('common.unknown');
  // Of no requests there is no share and no latency: that is known.
  const lack = (of: TrafficFigures) => (of.requests === 0 ? '—' : unknown);

  const figures = <T extends { health: Health; idle: boolean | null }>(
    of: (row: T) => TrafficFigures,
  ): SortColumn<T>[] => [
    {
      id: 'health',
      label: t('topology.health'),
      isNumber: true,
      value: row => SEVERITY[row.health],
      cell: row => <HealthMark health={row.health} />,
    },
    {
      id: 'rate',
      label: t('panel.rate'),
      isNumber: true,
      value: row => of(row).requests,
      cell: row =>
        row.idle === true
          ? t('traffic.idle')
          : amounts.flow(of(row)) ?? unknown,
    },
    {
      id: 'errors',
      label: t('panel.errors'),
      isNumber: true,
      value: row => of(row).errorShare,
      cell: row => amounts.share(of(row).errorShare) ?? lack(of(row)),
    },
    {
      id: 'latency',
      label: quantile,
      isNumber: true,
      value: row => of(row).latencyMs[quantile],
      cell: row => amounts.quantile(of(row), quantile) ?? lack(of(row)),
    },
    {
      id: 'mtls',
      label: t('panel.mtls'),
      isNumber: true,
      value: row => of(row).mtlsShare,
      cell: row => amounts.share(of(row).mtlsShare) ?? lack(of(row)),
    },
  ];
  const calls = useMemo(() => {
    const count = {
      in: new Map<string, number>(),
      out: new Map<string, number>(),
    };
    for (const { source, target } of view.edges.values()) {
      count.out.set(source, (count.out.get(source) ?? 0) + 1);
      count.in.set(target, (count.in.get(target) ?? 0) + 1);
    }
    return count;
  }, [view]);
  const isDim = (row: { id: string }) =>
    found !== undefined && !found.has(row.id);
  const more = (count: number) => t('trafficTable.more', { count });

  const nodeColumns: SortColumn<TrafficNode>[] = [
    {
      id: 'name',
      label: t('topology.name'),
      value: words.nodeName,
      cell: words.nodeName,
    },
    {
      id: 'kind',
      label: t('topology.kind'),
      value: node => t(`kind.${node.kind}`),
      cell: node => t(`kind.${node.kind}`),
    },
    {
      id: 'cluster',
      label: t('topology.cluster'),
      value: node => node.cluster,
      cell: node => node.cluster ?? '—',
    },
    {
      id: 'namespace',
      label: t('topology.namespace'),
      value: node => node.namespace,
      cell: node => node.namespace ?? '—',
    },
    ...figures<TrafficNode>(node => node.inbound),
    {
      id: 'callers',
      label: t('trafficTable.callers'),
      isNumber: true,
      value: node => calls.in.get(node.id) ?? 0,
      cell: node => calls.in.get(node.id) ?? 0,
    },
    {
      id: 'calls',
      label: t('trafficTable.calls'),
      isNumber: true,
      value: node => calls.out.get(node.id) ?? 0,
      cell: node => calls.out.get(node.id) ?? 0,
    },
    {
      id: 'ready',
      label: t('topology.ready'),
      isNumber: true,
      value: node => node.ready,
      cell: node =>
        node.ready === undefined ? '—' : readyText(node.ready, node.pods),
    },
    {
      id: 'host',
      label: t('services.host'),
      value: node => node.host,
      cell: node => (node.host ? <code>{node.host}</code> : '—'),
    },
  ];
  const edgeColumns: SortColumn<TrafficEdge>[] = [
    {
      id: 'from',
      label: t('panel.from'),
      value: edge => words.nameOf(edge.source),
      cell: edge => words.nameOf(edge.source),
    },
    {
      id: 'to',
      label: t('panel.to'),
      value: edge => words.nameOf(edge.target),
      cell: edge => words.nameOf(edge.target),
    },
    {
      id: 'protocol',
      label: t('panel.protocol'),
      value: edge => edge.protocol,
      cell: edge => edge.protocol,
    },
    ...figures<TrafficEdge>(edge => edge.figures),
    {
      id: 'crossCluster',
      label: t('panel.crossCluster'),
      value: edge => (edge.crossCluster ? 1 : 0),
      cell: edge => (edge.crossCluster ? t('panel.yes') : t('panel.no')),
    },
  ];
  return (
    <div>
      <h3 className={styles.heading}>
        {t('trafficTable.nodes', { count: nodes.length })}
      </h3>
      <SortTable
        label={t('topology.label', { name: props.name })}
        columns={nodeColumns}
        rows={nodes}
        rowKey={node => node.id}
        initial={{ column: 'name', direction: 'ascending' }}
        selected={props.selected}
        isDim={isDim}
        onSelect={props.onSelect}
        more={more}
      />
      <h3 className={styles.heading}>
        {t('trafficTable.edges', { count: edges.length })}
      </h3>
      <SortTable
        label={t('trafficTable.callsOf', { name: props.name })}
        columns={edgeColumns}
        rows={edges}
        rowKey={edge => edge.id}
        initial={{ column: 'rate', direction: 'descending' }}
        selected={props.selected}
        isDim={isDim}
        onSelect={props.onSelect}
        more={more}
      />
    </div>
  );
}
