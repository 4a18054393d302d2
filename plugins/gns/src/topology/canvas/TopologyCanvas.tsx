import '@xyflow/react/dist/base.css';
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import {
  type AriaLabelConfig,
  ControlButton,
  Controls,
  type EdgeMarker,
  MarkerType,
  MiniMap,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react';
import { RiFocus3Line, RiRefreshLine } from '@remixicon/react';
import { VisuallyHidden } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type Box, onMap, type Placement } from '../arrange/boxes';
import { type Point } from '../arrange/layered';
import { fitted, type Viewport } from '../picture/levels';
import { type View } from '../picture/view';
import { firstNode, type Step, type Walk, walk } from '../picture/walk';
import { edgeTypes } from './edges';
import { type FlowEdge, FlowModel, type FlowNode } from './flowModel';
import { type Look, LookContext, useGraphWords } from './look';
import { nodeTypes } from './nodes';
import { minimapColor, pushed } from './pushed';
import { useStable, useWidth } from './stable';
import styles from './canvas.module.css';

const ARROW: EdgeMarker = {
  type: MarkerType.ArrowClosed,
  color: 'var(--bui-fg-secondary)',
  width: 14,
  height: 14,
};
const EDGE_DEFAULTS = { markerEnd: ARROW };
/** Above this many nodes, those off screen are not mounted. */
const CULL_FROM = 150;
/** Above this many edges, only those that stand out are labelled. */
const LABEL_UP_TO = 60;
/** From this many nodes on there is a map of the whole. */
const MAP_FROM = 12;
/** Below this zoom labels cannot be read. */
const FAR = 0.45;

const STEPS: Record<string, Step> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export interface TopologyCanvasProps {
  name: string;
  view: View;
  placement: Placement;
  pins: ReadonlyMap<string, Point>;
  look: Omit<Look, 'allLabels'>;
  /** Pixels. */
  height: number;
  /** To go to, each time that it changes; absent: all is shown. */
  goTo?: Viewport;
  onSelect: (id: string | undefined) => void;
  /** A node was put somewhere; relative to its box. */
  onPin?: (id: string, at: Point) => void;
  /** All pins go, everything is placed anew. */
  onTidy?: () => void;
  onViewport?: (viewport: Viewport, screen: Screen) => void;
  /** Without map, controls and pins, for cards. */
  plain?: boolean;
}

export interface Screen {
  width: number;
  height: number;
}

const reducesMotion = () =>
  window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;

/** The graph on a canvas: draws a placement that was made elsewhere. */
export function TopologyCanvas(props: TopologyCanvasProps) {
  const { view, placement, pins, onSelect, onViewport, plain } = props;
  const { t } = useGnsTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const flow = useRef<ReactFlowInstance<FlowNode, FlowEdge>>();
  const words = useGraphWords(view.nodes, props.look.quantile);
  const boxes = useMemo(() => onMap(placement), [placement]);
  const [model] = useState(() => new FlowModel());
  const [at, setAt] = useState<Walk>();
  const [dragged, setDragged] = useState<{ id: string; position: Point }>();

  const current =
    at && boxes.has(at.node) && view.nodes.has(at.node)
      ? at.node
      : firstNode(view, boxes);
  // Labels of nodes follow the language and the quantile, not each refresh.
  const nodeLabel = words.node;
  const labelOf = useStable(nodeLabel, [t, props.look.quantile]);
  const edgeLabelOf = useStable(words.edge, [t, props.look.quantile]);
  const placed = useMemo(
    () => model.nodesOf({ view, boxes, pins, current, label: labelOf }),
    [model, view, boxes, pins, current, labelOf],
  );
  const nodes = useMemo(
    () =>
      dragged
        ? placed.map(node =>
            node.id === dragged.id
              ? { ...node, position: dragged.position }
              : node,
          )
        : placed,
    [placed, dragged],
  );
  const edges = useMemo(
    () => model.edgesOf({ view, boxes, placement, label: edgeLabelOf }),
    [model, view, boxes, placement, edgeLabelOf],
  );
  const allLabels = view.edges.size <= LABEL_UP_TO;
  const { quantile, label } = props.look;
  const look = useMemo(
    () => ({ quantile, label, allLabels }),
    [quantile, label, allLabels],
  );

  const screenOf = useCallback(
    (): Screen => ({
      width: frame.current?.clientWidth || 1200,
      height: frame.current?.clientHeight || props.height,
    }),
    [props.height],
  );
  const setFar = useCallback((zoom: number) => {
    // Not through React: a zoom draws no node again.
    if (frame.current) frame.current.dataset.far = String(zoom < FAR);
  }, []);
  const go = useCallback(
    (viewport: Viewport, isSudden = false) => {
      setFar(viewport.zoom);
      void flow.current?.setViewport(viewport, {
        duration: isSudden || reducesMotion() ? 0 : 200,
      });
    },
    [setFar],
  );
  const fit = useCallback(
    (isSudden = false) => go(fitted(boxes, screenOf()), isSudden),
    [boxes, go, screenOf],
  );

  const { goTo } = props;
  const isFirst = useRef(true);
  const first = useRef({ fit, goTo });
  useLayoutEffect(() => {
    if (isFirst.current) return;
    if (goTo) go(goTo, true);
  }, [goTo, go]);

  const onNodesChange = useCallback((changes: NodeChange<FlowNode>[]) => {
    for (const change of changes) {
      if (change.type === 'position' && change.dragging && change.position) {
        setDragged({ id: change.id, position: change.position });
      }
    }
  }, []);
  const { onPin } = props;
  const onDragStop = useCallback(
    (_: unknown, node: FlowNode) => {
      setDragged(undefined);
      const box = placement.boxes.get(node.id);
      const was = boxes.get(node.id);
      if (!box || !was) return;
      const right = node.position.x - was.x;
      const down = node.position.y - was.y;
      if (Math.abs(right) + Math.abs(down) < 2) return;
      onPin?.(node.id, {
        x: Math.round(box.x + right),
        y: Math.round(box.y + down),
      });
    },
    [placement, boxes, onPin],
  );

  const wanted = useRef<string>();
  const focusOn = useCallback(
    (id: string, box: Box) => {
      wanted.current = id;
      const focus = () => {
        // Who walks on is not called back.
        if (wanted.current !== id) return;
        frame.current
          ?.querySelector<HTMLElement>(
            `.react-flow__node[data-id="${CSS.escape(id)}"]`,
          )
          ?.focus({ preventScroll: true });
      };
      const { width, height } = screenOf();
      const viewport = flow.current?.getViewport() ?? { x: 0, y: 0, zoom: 1 };
      const x = box.x * viewport.zoom + viewport.x;
      const y = box.y * viewport.zoom + viewport.y;
      const isSeen =
        x >= 0 &&
        y >= 0 &&
        x + box.width * viewport.zoom <= width &&
        y + box.height * viewport.zoom <= height;
      if (!isSeen) {
        go(
          {
            zoom: viewport.zoom,
            x: width / 2 - (box.x + box.width / 2) * viewport.zoom,
            y: height / 2 - (box.y + box.height / 2) * viewport.zoom,
          },
          true,
        );
      }
      // What was off screen is mounted with the next frame.
      focus();
      requestAnimationFrame(() => requestAnimationFrame(focus));
    },
    [go, screenOf],
  );
  // New functions would make React Flow draw every node again.
  const onNodeClick = useCallback(
    (_: unknown, node: FlowNode) => {
      setAt({ node: node.id });
      onSelect(node.id);
    },
    [onSelect],
  );
  const onEdgeClick = useCallback(
    (_: unknown, edge: FlowEdge) => onSelect(edge.id),
    [onSelect],
  );
  const onPaneClick = useCallback(() => onSelect(undefined), [onSelect]);
  const [said, setSaid] = useState('');
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const id = target.closest<HTMLElement>('.react-flow__node')?.dataset.id;
      if (id === undefined) return;
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        onSelect(id);
        return;
      }
      if (event.key === 'Escape') {
        onSelect(undefined);
        return;
      }
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const own = placement.boxes.get(id);
      if (event.shiftKey) {
        // What the mouse drags, the keyboard pushes.
        if (own && onPin && !view.boxes.has(id)) onPin(id, pushed(own, step));
        return;
      }
      const next = walk(view, boxes, at?.node === id ? at : { node: id }, step);
      const box = next && boxes.get(next.node);
      if (!next || !box) {
        setSaid(t(`walk.${step}`));
        return;
      }
      setAt(next);
      const edge = next.along && view.edges.get(next.along.edge);
      setSaid(edge ? words.edge(edge) : '');
      focusOn(next.node, box);
    },
    [at, view, boxes, placement, onPin, onSelect, focusOn, words, t],
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
  const onMove = useCallback(
    (_: unknown, viewport: Viewport) => setFar(viewport.zoom),
    [setFar],
  );
  const onMoveEnd = useCallback(
    (_: unknown, viewport: Viewport) => onViewport?.(viewport, screenOf()),
    [onViewport, screenOf],
  );
  const onInit = useCallback(
    (instance: ReactFlowInstance<FlowNode, FlowEdge>) => {
      flow.current = instance;
      isFirst.current = false;
      if (first.current.goTo) go(first.current.goTo, true);
      else first.current.fit(true);
    },
    [go],
  );
  // A card that grows wider shows all of it again.
  const width = useWidth(frame);
  useEffect(() => {
    if (plain && width > 0) fit(true);
  }, [plain, width, fit]);

  return (
    <LookContext.Provider value={look}>
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- the nodes inside have the focus; arrows walk between them */}
      <div
        ref={frame}
        className={styles.canvas}
        style={{ height: props.height }}
        onKeyDown={onKeyDown}
      >
        <ReactFlow<FlowNode, FlowEdge>
          aria-label={t('topology.label', { name: props.name })}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          defaultEdgeOptions={EDGE_DEFAULTS}
          ariaLabelConfig={labels}
          onInit={onInit}
          onNodesChange={onNodesChange}
          onNodeDragStop={onDragStop}
          onNodeClick={onNodeClick}
          onEdgeClick={onEdgeClick}
          onPaneClick={onPaneClick}
          onMove={onMove}
          onMoveEnd={onMoveEnd}
          minZoom={0.05}
          maxZoom={2.5}
          nodesDraggable={!plain && onPin !== undefined}
          nodesConnectable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          nodesFocusable
          disableKeyboardA11y
          multiSelectionKeyCode={null}
          selectionKeyCode={null}
          deleteKeyCode={null}
          zIndexMode="manual"
          nodeDragThreshold={3}
          // Below that, coming and going costs more than staying.
          onlyRenderVisibleElements={view.nodes.size > CULL_FROM}
          // A page scrolls under the pointer; the map zooms with Ctrl or pinch.
          zoomOnScroll={false}
          zoomOnDoubleClick={!plain}
          preventScrolling={false}
          panOnDrag
        >
          {plain ? null : (
            <>
              <Controls showInteractive={false} showFitView={false}>
                <ControlButton
                  onClick={() => fit()}
                  title={t('topology.fit')}
                  aria-label={t('topology.fit')}
                >
                  <RiFocus3Line aria-hidden />
                </ControlButton>
                {props.onTidy ? (
                  <ControlButton
                    onClick={props.onTidy}
                    title={t('traffic.tidy')}
                    aria-label={t('traffic.tidy')}
                  >
                    <RiRefreshLine aria-hidden />
                  </ControlButton>
                ) : null}
              </Controls>
              {view.nodes.size >= MAP_FROM ? (
                <MiniMap pannable zoomable nodeColor={minimapColor} />
              ) : null}
            </>
          )}
        </ReactFlow>
        <VisuallyHidden role="status" aria-live="polite">
          {said}
        </VisuallyHidden>
      </div>
    </LookContext.Provider>
  );
}
