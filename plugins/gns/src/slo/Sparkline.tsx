import { useMemo } from 'react';
import { linearScale, linePath, stretches } from './linePath';
import styles from './slo.module.css';

/** A small line without axes: what was left of a budget over its window. Unknown stretches are hatched. */
export function Sparkline(props: {
  values: readonly (number | null)[];
  /** What it says, for screen readers; absent: the text beside it says it. */
  label?: string;
  width?: number;
  height?: number;
}) {
  const { values, label, width = 96, height = 24 } = props;
  const drawn = useMemo(() => {
    const known = values.filter((v): v is number => v !== null);
    const low = Math.min(0, ...known);
    const high = Math.max(1, ...known);
    const x = linearScale([0, Math.max(1, values.length - 1)], [1, width - 1]);
    const y = linearScale([low, high], [height - 2, 2]);
    return {
      path: linePath(values, x, y),
      zero: y(0),
      gaps: stretches(values.length, i => values[i] === null).map(
        ([from, to]) => [x(from - 0.5), x(to + 0.5)] as const,
      ),
    };
  }, [values, width, height]);
  return (
    <svg
      className={styles.spark}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      {...(label
        ? { role: 'img', 'aria-label': label }
        : { 'aria-hidden': true })}
    >
      {drawn.gaps.map(([from, to]) => (
        <rect
          key={from}
          className={styles.gap}
          x={Math.max(0, from)}
          y={0}
          width={Math.max(0, Math.min(width, to) - Math.max(0, from))}
          height={height}
        />
      ))}
      <line
        className={styles.zero}
        x1={0}
        x2={width}
        y1={drawn.zero}
        y2={drawn.zero}
      />
      <path className={styles.line} d={drawn.path} />
    </svg>
  );
}
