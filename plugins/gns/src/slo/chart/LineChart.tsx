import { type PointerEvent, useId, useMemo, useState } from 'react';
import { useLanguage } from '../../components/state/RelativeTime';
import { linearScale, linePath, stretches, ticksOf } from '../linePath';
import styles from './chart.module.css';
import { Hatch } from './Hatch';
import { timeTicks } from './timeTicks';
import { useWidth } from './useWidth';

export interface ChartSeries {
  id: string;
  values: readonly (number | null)[];
  /** The one that is spoken of; others are drawn faintly. */
  strong: boolean;
}

/** Something that happened, as a line across. */
export interface ChartMark {
  at: string;
  tone: 'plain' | 'change' | 'alert';
  label: string;
}

export interface LineChartProps {
  /** What it shows, in a sentence. */
  label: string;
  times: readonly string[];
  series: readonly ChartSeries[];
  /** Share of each step that is known. */
  known: readonly (number | null)[];
  marks?: readonly ChartMark[];
  /** A level to compare with. */
  level: number;
  /** Levels that are always in sight. */
  include: readonly [number, number];
  format: (value: number) => string;
  /** What the pointer reads at a step. */
  describe: (index: number) => string;
  height?: number;
}

const MARGIN = { top: 14, right: 8, bottom: 22, left: 52 };
/** Below this a step is not seen. */
const SEEN = 0.5;

/**
 * Lines over time. Where a value is unknown the line is broken and the ground
 * hatched. Whoever cannot see or point reads the table that stands beside it.
 */
export function LineChart(props: LineChartProps) {
  const { marks = [], format, height = 220 } = props;
  const language = useLanguage();
  const hatch = useId();
  const [frame, width] = useWidth();
  const [read, setRead] = useState<number>();
  const { x, y, span, stamps, ticks, time, lines, gaps } = useMemo(
    () => draw(props, width, height),
    [props, width, height],
  );
  const shown = marks
    .map(mark => ({ ...mark, time: Date.parse(mark.at) }))
    .filter(mark => mark.time >= span[0] && mark.time <= span[1]);
  const timeFormat = new Intl.DateTimeFormat(
    language,
    time.hours
      ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short' },
  );
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share =
      (event.clientX - left - MARGIN.left) /
      Math.max(1, width - MARGIN.left - MARGIN.right);
    const index = Math.round(share * (stamps.length - 1));
    setRead(Math.min(stamps.length - 1, Math.max(0, index)));
  };
  const floor = height - MARGIN.bottom;
  return (
    <div ref={frame} className={styles.frame}>
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
        {gaps.map(gap => (
          <rect
            key={gap.x}
            x={gap.x}
            y={MARGIN.top}
            width={gap.width}
            height={floor - MARGIN.top}
            fill={`url(#${hatch})`}
          />
        ))}
        {ticks.map(tick => (
          <g key={tick}>
            <line
              className={styles.grid}
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text
              className={styles.axis}
              x={MARGIN.left - 8}
              y={y(tick)}
              dy="0.32em"
              textAnchor="end"
            >
              {format(tick)}
            </text>
          </g>
        ))}
        {time.at.map(at => (
          <text
            key={at}
            className={styles.axis}
            x={Math.min(width - 20, Math.max(MARGIN.left + 10, x(at)))}
            y={height - 6}
            textAnchor="middle"
          >
            {timeFormat.format(at)}
          </text>
        ))}
        <line
          className={styles.level}
          x1={MARGIN.left}
          x2={width - MARGIN.right}
          y1={y(props.level)}
          y2={y(props.level)}
        />
        {shown.map((mark, i) => (
          <g key={i} className={styles[mark.tone]}>
            <title>{mark.label}</title>
            <line
              x1={x(mark.time)}
              x2={x(mark.time)}
              y1={MARGIN.top}
              y2={floor}
            />
            <circle cx={x(mark.time)} cy={MARGIN.top - 6} r={4} />
          </g>
        ))}
        {lines.map(line => (
          <path
            key={line.id}
            className={line.strong ? styles.strong : styles.faint}
            d={line.path}
          />
        ))}
        {read === undefined ? null : (
          <line
            className={styles.reading}
            x1={x(stamps[read])}
            x2={x(stamps[read])}
            y1={MARGIN.top}
            y2={floor}
          />
        )}
      </svg>
      <div className={styles.readout} aria-hidden>
        {read === undefined ? null : props.describe(read)}
      </div>
    </div>
  );
}

function draw(props: LineChartProps, width: number, height: number) {
  const { series, known, include } = props;
  const stamps = props.times.map(at => Date.parse(at));
  const values = series.flatMap(one => one.values.filter(v => v !== null));
  const domain = [
    values.reduce((low, v) => Math.min(low, v), include[0]),
    values.reduce((high, v) => Math.max(high, v), include[1]),
  ] as const;
  const span = [stamps[0] ?? 0, stamps[stamps.length - 1] ?? 1] as const;
  const x = linearScale(span, [MARGIN.left, width - MARGIN.right]);
  const y = linearScale(domain, [height - MARGIN.bottom, MARGIN.top]);
  const half = stamps.length > 1 ? (stamps[1] - stamps[0]) / 2 : 0;
  return {
    x,
    y,
    span,
    stamps,
    ticks: ticksOf(domain, 4),
    time: timeTicks(span, width - MARGIN.left - MARGIN.right),
    // The one that is spoken of comes last, above the others.
    lines: [...series]
      .sort((a, b) => Number(a.strong) - Number(b.strong))
      .map(one => ({
        id: one.id,
        strong: one.strong,
        path: linePath(one.values, i => x(stamps[i]), y),
      })),
    gaps: stretches(stamps.length, i => (known[i] ?? 0) < SEEN).map(
      ([first, last]) => {
        const start = x(Math.max(span[0], stamps[first] - half));
        const end = x(Math.min(span[1], stamps[last] + half));
        return { x: start, width: Math.max(1, end - start) };
      },
    ),
  };
}
