import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { Alert } from '@backstage/ui';
import { type Traffic } from '@isthmus/plugin-gns-common';
import { EmptyView } from '../../components/state/EmptyView';
import { SkeletonRows } from '../../components/state/LiveView';
import { ProblemView } from '../../components/state/ProblemView';
import { Updated } from '../../components/state/Updated';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type Emphasis, EmphasisContext } from '../canvas/look';
import { DetailsPanel } from '../panel/DetailsPanel';
import { type Screen } from '../canvas/TopologyCanvas';
import {
  fitted,
  isFitted,
  keepInSight,
  type Viewport,
} from '../picture/levels';
import { findIn, neighbourhoodOf, viewOf } from '../picture/view';
import { onMap } from '../arrange/boxes';
import { type Subject } from '../query/operands';
import { parseQuery } from '../query/parse';
import { TrafficTable } from '../table/TrafficTable';
import { CoverageNotes } from './CoverageNotes';
import { HiddenLine } from './HiddenLine';
import { QueryField } from './QueryField';
import { ReplayBar } from './ReplayBar';
import { Toolbar } from './Toolbar';
import { useAutoLevel } from './useAutoLevel';
import { useExport } from './useExport';
import { usePins } from './usePins';
import { type Drawn, usePlaced } from './usePlaced';
import { useServiceEntities } from './useServiceEntities';
import { SloFacts, SloMarks } from './SloMarks';
import { useTopologyState } from './useTopologyState';
import { useTraffic } from './useTraffic';
import styles from './page.module.css';

// React Flow is the heaviest part of the plugin: it loads with the first graph.
const TopologyCanvas = lazy(() =>
  import('../canvas/TopologyCanvas').then(m => ({ default: m.TopologyCanvas })),
);

const HEIGHT = 640;

/** Who calls whom in a global namespace, how well and how safely: as a graph and as its equal, a table. */
export function TopologyPage(props: { gns: string; title: string }) {
  const { gns, title } = props;
  const [state, update] = useTopologyState();
  const auto = useAutoLevel(state, update);
  const { live, traffic, isWaiting } = useTraffic(gns, {
    level: auto.level,
    window: state.window,
    at: state.at,
  });
  if (!traffic) {
    return live.error ? (
      <ProblemView
        error={live.error}
        onRetry={live.reload}
        permission="gns.definition.read"
      />
    ) : (
      <SkeletonRows rows={1} height={HEIGHT} />
    );
  }
  return (
    <Picture
      gns={gns}
      title={title}
      traffic={traffic}
      isWaiting={isWaiting}
      state={state}
      update={update}
      auto={auto}
      updated={<Updated live={live} />}
    />
  );
}

type StateHook = ReturnType<typeof useTopologyState>;

function Picture(props: {
  gns: string;
  title: string;
  traffic: Traffic;
  isWaiting: boolean;
  state: StateHook[0];
  update: StateHook[1];
  auto: ReturnType<typeof useAutoLevel>;
  updated: React.ReactNode;
}) {
  const { gns, title, traffic, isWaiting, state, update, auto } = props;
  const { t } = useGnsTranslation();
  const entities = useServiceEntities(gns);
  const { pins, pin, unpinAll } = usePins(gns, traffic.level);
  const find = useMemo(() => parseQuery(state.find), [state.find]);
  const hide = useMemo(() => parseQuery(state.hide), [state.hide]);
  const { edges, idle, strangers } = state;
  const view = useMemo(
    () => viewOf(traffic, { hide: hide.query, edges, idle, strangers }),
    [traffic, hide, edges, idle, strangers],
  );
  const { drawn, tidy, error } = usePlaced(view, traffic.level, pins);
  const found = useMemo(
    () => (find.query ? findIn(drawn?.view ?? view, find.query) : undefined),
    [find, drawn, view],
  );
  const { selected } = state;
  const emphasis = useMemo<Emphasis>(() => {
    const shown = drawn?.view ?? view;
    const isThere =
      selected !== undefined &&
      (shown.nodes.has(selected) || shown.edges.has(selected));
    return {
      ...(isThere ? { selected, lit: neighbourhoodOf(shown, selected) } : {}),
      ...(found ? { found } : {}),
    };
  }, [drawn, view, selected, found]);
  const select = useCallback(
    (id: string | undefined) => update({ selected: id }),
    [update],
  );
  const subjects = useCallback(() => subjectsOf(traffic), [traffic]);
  const { run: exportAs, problem: exportProblem } = useExport({
    gns,
    title,
    traffic,
    drawn,
    state,
  });
  const [folded, setFolded] = useState(true);
  const isEmpty = traffic.nodes.length === 0;
  if (isEmpty) {
    return (
      <EmptyView title={t('topology.empty')} text={t('topology.emptyText')} />
    );
  }
  return (
    <EmphasisContext.Provider value={emphasis}>
      <SloMarks gns={gns}>
        <div className={styles.controls} data-folded={folded}>
          <Toolbar
            state={state}
            shown={traffic.level}
            onChange={update}
            onExport={drawn ? exportAs : undefined}
            folded={folded}
            onFold={setFolded}
          />
          <div className={styles.questions}>
            <QueryField
              purpose="find"
              value={state.find}
              parsed={find}
              subjects={subjects}
              found={found?.size}
              onChange={value => update({ find: value })}
            />
            <QueryField
              purpose="hide"
              value={state.hide}
              parsed={hide}
              subjects={subjects}
              onChange={value => update({ hide: value })}
            />
          </div>
          <ReplayBar
            gns={gns}
            window={state.window}
            at={state.at}
            isWaiting={isWaiting}
            onChange={update}
          />
        </div>
        <CoverageNotes coverage={traffic.coverage} />
        {exportProblem ?? error ? (
          <Alert
            mb="3"
            status="danger"
            icon
            title={t('traffic.failed')}
            description={(exportProblem ?? error)!.message}
          />
        ) : null}
        <HiddenLine
          view={drawn?.view ?? view}
          updated={props.updated}
          canShowAll={
            state.hide !== '' || edges !== 'all' || !idle || !strangers
          }
          onShowAll={() =>
            update({ hide: '', edges: 'all', idle: true, strangers: true })
          }
        />
        <div
          className={styles.stage}
          data-waiting={isWaiting}
          data-view={state.view}
          data-open={selected !== undefined}
        >
          {state.view === 'table' ? (
            <TrafficTable
              name={title}
              view={drawn?.view ?? view}
              quantile={state.quantile}
              selected={selected}
              found={found}
              onSelect={select}
            />
          ) : (
            <Suspense fallback={<SkeletonRows rows={1} height={HEIGHT} />}>
              {drawn ? (
                <Stage
                  title={title}
                  drawn={drawn}
                  state={state}
                  auto={auto}
                  pins={pins}
                  onSelect={select}
                  onPin={pin}
                  onTidy={() => {
                    unpinAll();
                    tidy();
                  }}
                />
              ) : (
                <SkeletonRows rows={1} height={HEIGHT} />
              )}
            </Suspense>
          )}
          {selected === undefined ? null : (
            <DetailsPanel
              gns={gns}
              view={drawn?.view ?? view}
              selected={selected}
              quantile={state.quantile}
              at={state.at}
              entities={entities}
              extra={node => <SloFacts gns={gns} node={node} />}
              onSelect={select}
            />
          )}
        </div>
        <p className={styles.note}>{t('panel.hint')}</p>
      </SloMarks>
    </EmphasisContext.Provider>
  );
}

/** The canvas, and where it looks. */
function Stage(props: {
  title: string;
  drawn: Drawn;
  state: StateHook[0];
  auto: ReturnType<typeof useAutoLevel>;
  pins: ReadonlyMap<string, { x: number; y: number }>;
  onSelect: (id: string | undefined) => void;
  onPin: (id: string, at: { x: number; y: number }) => void;
  onTidy: () => void;
}) {
  const { drawn, state, auto } = props;
  const [last, setLast] = useState<Drawn>(drawn);
  const [goTo, setGoTo] = useState<Viewport | undefined>(state.viewport);
  const isNewLevel = last.level !== drawn.level;
  if (last !== drawn) {
    setLast(drawn);
    const { viewport, screen } = auto.looking.current;
    if (isNewLevel && viewport && screen) {
      const before = onMap(last.placement);
      const after = onMap(drawn.placement);
      setGoTo(
        isFitted(before, viewport, screen)
          ? fitted(after, screen)
          : keepInSight(before, after, viewport, screen),
      );
    }
  }
  const onViewport = useCallback(
    (viewport: Viewport, screen: Screen) => auto.look(viewport, screen, drawn),
    [auto, drawn],
  );
  return (
    <TopologyCanvas
      name={props.title}
      view={drawn.view}
      placement={drawn.placement}
      pins={props.pins}
      look={state}
      height={HEIGHT}
      goTo={goTo}
      onSelect={props.onSelect}
      onPin={props.onPin}
      onTidy={props.onTidy}
      onViewport={onViewport}
    />
  );
}

/** What completion knows values of. */
function* subjectsOf(traffic: Traffic): Generator<Subject> {
  const nodes = new Map(traffic.nodes.map(node => [node.id, node]));
  for (const node of nodes.values()) yield { type: 'node', node };
  for (const edge of traffic.edges) {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    if (source && target) yield { type: 'edge', edge, source, target };
  }
}
