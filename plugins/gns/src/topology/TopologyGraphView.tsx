import '@xyflow/react/dist/base.css';
import { useCallback, useMemo, useState } from 'react';
import {
  type AriaLabelConfig,
  Controls,
  MarkerType,
  MiniMap,
  Panel,
  ReactFlow,
} from '@xyflow/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useReadyText } from '../components/state/Ready';
import { gnsTranslationRef } from '../translation';
import { BrightContext, nodeTypes } from './boxes';
import { bundleLines, type FlowBox, flowBoxes, serviceLines } from './flow';
import { type TopologyGraph } from './graph';
import { edgeTypes } from './lines';
import { SelectedService } from './SelectedService';

const FIT = { padding: 0.06, maxZoom: 1 };
const ARROW = {
  type: MarkerType.ArrowClosed,
  color: 'var(--bui-fg-secondary)',
  width: 16,
  height: 16,
};

/** The graph itself. Drawn from a pure layout; only looks and selection live here. */
export function TopologyGraphView(props: {
  name: string;
  graph: TopologyGraph;
  /** Without map, controls and selection, for cards. */
  plain?: boolean;
}) {
  const { graph, plain } = props;
  const { t } = useTranslationRef(gnsTranslationRef);
  const readyText = useReadyText();
  const [selected, setSelected] = useState<string>();

  const boxes = useMemo(
    () =>
      flowBoxes(graph).map(box => {
        const { node } = box.data;
        const words = {
          kind: t(`topology.${node.kind}`),
          name: node.label,
          health: t(`health.${node.health}`),
        };
        return {
          ...box,
          ariaLabel:
            node.kind === 'service'
              ? t('topology.nodeLabel', {
                  ...words,
                  ready: readyText(node.ready, node.total),
                })
              : t('topology.boxLabel', words),
        };
      }),
    // The texts follow the language, and `t` changes with it.
    [graph, t], // eslint-disable-line react-hooks/exhaustive-deps
  );
  const chosen =
    selected !== undefined && graph.nodes.has(selected) ? selected : undefined;
  const lines = useMemo(
    () =>
      [
        ...bundleLines(graph),
        ...(chosen ? serviceLines(graph, chosen) : []),
      ].map(line => ({
        ...line,
        markerEnd: line.type === 'same' ? undefined : ARROW,
      })),
    [graph, chosen],
  );
  const bright = useMemo(() => {
    if (!chosen) return undefined;
    const near = new Set([chosen]);
    for (const line of serviceLines(graph, chosen)) {
      near.add(line.source);
      near.add(line.target);
    }
    for (const id of [...near]) {
      const cluster = graph.nodes.get(id)?.cluster;
      const group = graph.clusters.find(one => one.node.cluster === cluster);
      if (group) near.add(group.node.id);
    }
    return { selected: chosen, near };
  }, [graph, chosen]);

  const labels = useMemo<Partial<AriaLabelConfig>>(
    () => ({
      'node.a11yDescription.default': t('topology.selectable'),
      'node.a11yDescription.keyboardDisabled': t('topology.selectable'),
      'controls.ariaLabel': t('topology.controls'),
      'controls.zoomIn.ariaLabel': t('topology.zoomIn'),
      'controls.zoomOut.ariaLabel': t('topology.zoomOut'),
      'controls.fitView.ariaLabel': t('topology.fit'),
      'minimap.ariaLabel': t('topology.minimap'),
    }),
    [t],
  );
  const onSelectionChange = useCallback(
    (change: { nodes: FlowBox[] }) =>
      setSelected(
        change.nodes.find(node => node.data.node.kind === 'service')?.id,
      ),
    [],
  );

  return (
    <BrightContext.Provider value={bright}>
      <ReactFlow
        aria-label={t('topology.label', { name: props.name })}
        nodes={boxes}
        edges={lines}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        ariaLabelConfig={labels}
        onSelectionChange={plain ? undefined : onSelectionChange}
        onPaneClick={() => setSelected(undefined)}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable={!plain}
        nodesFocusable
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        deleteKeyCode={null}
        onlyRenderVisibleElements
        // A page scrolls under the pointer; the map zooms with Ctrl or pinch.
        zoomOnScroll={false}
        preventScrolling={false}
        panOnDrag
      >
        {plain ? null : (
          <>
            <Controls showInteractive={false} />
            <MiniMap pannable zoomable />
            {chosen ? (
              <Panel position="top-right">
                <SelectedService
                  graph={graph}
                  id={chosen}
                  onClose={() => setSelected(undefined)}
                />
              </Panel>
            ) : null}
          </>
        )}
      </ReactFlow>
    </BrightContext.Provider>
  );
}
