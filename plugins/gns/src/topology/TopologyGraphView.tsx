import '@xyflow/react/dist/base.css';
import { useCallback, useMemo, useState } from 'react';
import {
  type AriaLabelConfig,
  Controls,
  type EdgeMarker,
  MarkerType,
  MiniMap,
  type NodeChange,
  ReactFlow,
} from '@xyflow/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useReadyText } from '../components/state/Ready';
import { gnsTranslationRef } from '../translation';
import { nodeTypes, SpotlightContext } from './boxes';
import { arcRoom, bundleLines, flowBoxes } from './flow';
import { type TopologyGraph } from './graph';
import { edgeTypes } from './lines';
import { SelectedService } from './SelectedService';
import { spotlight } from './spotlight';
import styles from './topology.module.css';

const FIT = { padding: 0.06, maxZoom: 1 };
const ARROW: EdgeMarker = {
  type: MarkerType.ArrowClosed,
  color: 'var(--bui-fg-secondary)',
  width: 16,
  height: 16,
};
const START: EdgeMarker = { ...ARROW, orient: 'auto-start-reverse' };
/** Above this many boxes the whole is too small to read at once. */
const MAP_FROM = 40;
/** Above this many boxes, those off screen are not drawn. */
const CULL_FROM = 150;

/** The graph itself. Drawn from a pure layout; only looks and selection live here. */
export function TopologyGraphView(props: {
  name: string;
  graph: TopologyGraph;
  /** Pixels. */
  height: number;
  /** Without map, controls and selection, for cards. */
  plain?: boolean;
}) {
  const { graph, plain } = props;
  const { t } = useTranslationRef(gnsTranslationRef);
  const readyText = useReadyText();
  const [selected, setSelected] = useState<string>();

  const boxes = useMemo(
    () => {
      const named = flowBoxes(graph).map(box => {
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
      });
      return [...named, ...arcRoom(named)];
    },
    // The texts follow the language, and `t` changes with it.
    [graph, t], // eslint-disable-line react-hooks/exhaustive-deps
  );
  const chosen =
    selected !== undefined && graph.nodes.has(selected) ? selected : undefined;
  const light = useMemo(
    () => (chosen ? spotlight(graph, chosen) : undefined),
    [graph, chosen],
  );
  const lines = useMemo(
    () =>
      [...bundleLines(graph), ...(light?.lines ?? [])].map(line => ({
        ...line,
        markerStart: line.type === 'arc' ? START : undefined,
        markerEnd: line.type === 'same' ? undefined : ARROW,
      })),
    [graph, light],
  );

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
  // Clicks and Enter select, Escape and the empty map let go.
  const onNodesChange = useCallback((changes: NodeChange[]) => {
    for (const change of changes) {
      if (change.type === 'select') {
        setSelected(now => {
          if (change.selected) return change.id;
          return now === change.id ? undefined : now;
        });
      }
    }
  }, []);
  const shown = useMemo(
    () =>
      boxes.map(box => (box.id === chosen ? { ...box, selected: true } : box)),
    [boxes, chosen],
  );

  return (
    <SpotlightContext.Provider value={light}>
      <div className={styles.canvas} style={{ height: props.height }}>
        <ReactFlow
          aria-label={t('topology.label', { name: props.name })}
          nodes={shown}
          edges={lines}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          ariaLabelConfig={labels}
          onNodesChange={plain ? undefined : onNodesChange}
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
          // Below that, coming and going costs more than staying.
          onlyRenderVisibleElements={graph.nodes.size > CULL_FROM}
          // A page scrolls under the pointer; the map zooms with Ctrl or pinch.
          zoomOnScroll={false}
          preventScrolling={false}
          panOnDrag
        >
          {plain ? null : (
            <>
              <Controls showInteractive={false} />
              {graph.nodes.size > MAP_FROM ? (
                <MiniMap pannable zoomable />
              ) : null}
            </>
          )}
        </ReactFlow>
      </div>
      {plain ? null : <SelectedService graph={graph} id={chosen} />}
    </SpotlightContext.Provider>
  );
}
