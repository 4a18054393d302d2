import { lazy, Suspense, useMemo, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type Topology } from '@isthmus/plugin-gns-common';
import { EmptyView } from '../components/state/EmptyView';
import { SkeletonRows } from '../components/state/LiveView';
import { gnsTranslationRef } from '../translation';
import { buildGraph } from './graph';
import { TopologyTable } from './TopologyTable';
import styles from './topology.module.css';

// React Flow is the heaviest part of the plugin: it loads with the first graph.
const TopologyGraphView = lazy(() =>
  import('./TopologyGraphView').then(m => ({ default: m.TopologyGraphView })),
);

/** The topology as a graph or, as its equal, as a table. */
export function TopologyView(props: {
  name: string;
  topology: Pick<Topology, 'nodes' | 'edges'>;
  /** Pixels. */
  height?: number;
}) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const [shown, setShown] = useState<'graph' | 'table'>('graph');
  const { topology, name, height = 640 } = props;
  const graph = useMemo(() => buildGraph(topology), [topology]);
  if (graph.clusters.length === 0) {
    return (
      <EmptyView title={t('topology.empty')} text={t('topology.emptyText')} />
    );
  }
  return (
    <div>
      <div className={styles.bar}>
        <ToggleButtonGroup
          aria-label={t('topology.shownAs')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[shown]}
          onSelectionChange={keys =>
            setShown(keys.has('table') ? 'table' : 'graph')
          }
        >
          <ToggleButton id="graph">{t('topology.graph')}</ToggleButton>
          <ToggleButton id="table">{t('topology.table')}</ToggleButton>
        </ToggleButtonGroup>
      </div>
      {shown === 'table' ? (
        <TopologyTable name={name} graph={graph} />
      ) : (
        <Suspense fallback={<SkeletonRows rows={1} height={height} />}>
          <TopologyGraphView name={name} graph={graph} height={height} />
        </Suspense>
      )}
    </div>
  );
}
