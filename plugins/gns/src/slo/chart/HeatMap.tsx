import { type PointerEvent, useId, useMemo, useState } from 'react';
import {
  type SloHeatMap,
  type SloSliceState,
} from '@isthmus/plugin-gns-common';
import { useLanguage } from '../../components/state/RelativeTime';
import styles from './chart.module.css';
import { Hatch } from './Hatch';
import { type HeatCell, heatGrid, type HeatGrid } from './heatCells';
import { useWidth } from './useWidth';

/** Pixels beside and above the cells. */
const LABEL = 56;
const HEAD = 16;
const LEAST_WIDTH = 3;
/** Burn from which on a slice is drawn darker. */
const SEVERE = 6;

type Look = Exclude<SloSliceState, 'none'> | 'severe';

function lookOf({ state, burn }: HeatCell): Look {
  if (state === 'bad' && (burn ?? 0) >= SEVERE) return 'severe';
  return state as Look;
}

const CLASSES: Record<Look, string> = {
  good: styles.good,
  bad: styles.bad,
  severe: styles.severe,
  unknown: styles.outlined,
  noTraffic: styles.hollow,
  ignored: styles.hollow,
};

/** Pixels of the cells, and the gap between them. */
interface Measure {
  width: number;
  height: number;
  gap: number;
}

/**
 * When it went wrong: each slice of the window at its day and time of day. All
 * cells of one look are one path, so that thousands cost as little as ten.
 */
export function HeatMap(props: {
  label: string;
  map: SloHeatMap;
  describe: (cell: HeatCell) => string;
}) {
  const hatch = useId();
  const [frame, room] = useWidth();
  const [read, setRead] = useState<HeatCell>();
  const grid = useMemo(() => heatGrid(props.map), [props.map]);
  const measure = useMemo((): Measure => {
    const width = Math.max(
      LEAST_WIDTH,
      (room - LABEL) / Math.max(1, grid.columns),
    );
    return {
      width,
      height: grid.daysAreRows ? 14 : 18,
      gap: width > 5 ? 1 : 0,
    };
  }, [room, grid]);
  const paths = useMemo(() => pathsOf(grid, measure), [grid, measure]);
  const byPlace = useMemo(
    () => new Map(grid.cells.map(cell => [`${cell.column} ${cell.row}`, cell])),
    [grid],
  );
  const width = LABEL + measure.width * grid.columns;
  const height = HEAD + measure.height * grid.rows;
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - left - LABEL) / measure.width);
    const row = Math.floor((event.clientY - top - HEAD) / measure.height);
    setRead(byPlace.get(`${column} ${row}`));
  };
  return (
    <div ref={frame} className={styles.frame}>
      <div
        className={styles.scroll}
        role="region"
        aria-label={props.label}
        // The keyboard can scroll only what it can focus.
        tabIndex={0} // eslint-disable-line jsx-a11y/no-noninteractive-tabindex
      >
        <svg
          className={styles.chart}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={props.label}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setRead(undefined)}
        >
          <Hatch id={hatch} />
          <Labels grid={grid} measure={measure} />
          {paths.map(([look, path]) => (
            <path
              key={look}
              className={CLASSES[look]}
              d={path}
              {...(look === 'unknown' ? { fill: `url(#${hatch})` } : {})}
            />
          ))}
          {read ? (
            <rect
              className={styles.chosen}
              x={LABEL + read.column * measure.width}
              y={HEAD + read.row * measure.height}
              width={measure.width - measure.gap}
              height={measure.height - 1}
            />
          ) : null}
        </svg>
      </div>
      <div className={styles.readout} aria-hidden>
        {read ? props.describe(read) : null}
      </div>
    </div>
  );
}

function Labels(props: { grid: HeatGrid; measure: Measure }) {
  const language = useLanguage();
  const { grid, measure } = props;
  const { daysAreRows, days } = grid;
  const day = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
  });
  const hour = new Intl.DateTimeFormat(language, { hour: 'numeric' });
  const slots = daysAreRows ? grid.columns : grid.rows;
  const daysApart = daysAreRows
    ? Math.ceil(days.length / 16)
    : Math.max(1, Math.ceil(60 / measure.width));
  const slotsApart = Math.max(1, Math.round(slots / (daysAreRows ? 4 : 3)));
  const place = (alongRows: boolean, index: number) =>
    alongRows
      ? {
          x: LABEL - 8,
          y: HEAD + (index + 0.5) * measure.height,
          dy: '0.32em',
          textAnchor: 'end' as const,
        }
      : { x: LABEL + index * measure.width, y: HEAD - 5 };
  return (
    <>
      {days.map((at, i) =>
        i % daysApart === 0 ? (
          <text key={at} className={styles.axis} {...place(daysAreRows, i)}>
            {day.format(at)}
          </text>
        ) : null,
      )}
      {Array.from({ length: slots }, (_, slot) =>
        slot % slotsApart === 0 ? (
          <text
            key={slot}
            className={styles.axis}
            {...place(!daysAreRows, slot)}
          >
            {hour.format(new Date(2026, 0, 1, Math.round((slot * 24) / slots)))}
          </text>
        ) : null,
      )}
    </>
  );
}

function pathsOf(grid: HeatGrid, measure: Measure): [Look, string][] {
  const found = new Map<Look, string[]>();
  const w = (measure.width - measure.gap).toFixed(2);
  const h = measure.height - 1;
  for (const cell of grid.cells) {
    const look = lookOf(cell);
    const x = (LABEL + cell.column * measure.width).toFixed(2);
    const path = `M${x} ${HEAD + cell.row * measure.height}h${w}v${h}h-${w}z`;
    const alike = found.get(look);
    if (alike) alike.push(path);
    else found.set(look, [path]);
  }
  return [...found].map(([look, parts]) => [look, parts.join('')]);
}

/** A sample of a look, for a legend. */
export function HeatSample(props: { state: Exclude<SloSliceState, 'none'> }) {
  const hatch = useId();
  const { state } = props;
  return (
    <svg className={styles.sample} width={14} height={14} aria-hidden>
      {state === 'unknown' ? <Hatch id={hatch} /> : null}
      <rect
        className={CLASSES[state]}
        x={1}
        y={1}
        width={12}
        height={12}
        {...(state === 'unknown' ? { fill: `url(#${hatch})` } : {})}
      />
    </svg>
  );
}
