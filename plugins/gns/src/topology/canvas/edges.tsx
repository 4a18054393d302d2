import { memo, useContext } from 'react';
import { type EdgeProps } from '@xyflow/react';
import { edgePath, loopPath } from '../picture/edgePath';
import {
  edgeText,
  LOCK_BODY,
  LOCK_SHACKLE,
  lockOf,
  strokeOf,
} from './edgeLooks';
import { type FlowEdge } from './flowModel';
import { LookContext, useAmounts, useEmphasis } from './look';
import styles from './canvas.module.css';

export const CallEdge = memo((props: EdgeProps<FlowEdge>) => {
  const look = useContext(LookContext);
  const amounts = useAmounts();
  const { isDim, isLit, isFound, isSelected } = useEmphasis(props.id);
  if (!props.data) return null;
  const { edge, bends, beside, isLoop, height } = props.data;
  const from = { x: props.sourceX, y: props.sourceY };
  const to = { x: props.targetX, y: props.targetY };
  const { path, label } = isLoop
    ? loopPath(from, to, height)
    : edgePath(from, to, bends, beside);
  const stands = isLit || isFound || isSelected || edge.health === 'failing';
  const isLabelled = (look.allLabels || stands) && !isDim;
  const text = isLabelled ? edgeText(edge, look, amounts) : undefined;
  const lock = isLabelled ? lockOf(edge) : undefined;
  const classes = [
    styles.line,
    styles[edge.health],
    edge.idle === true ? styles.idle : '',
    isDim ? styles.dim : '',
    isSelected ? styles.selected : '',
    isFound ? styles.found : '',
  ];
  return (
    <g className={classes.filter(Boolean).join(' ')}>
      <path className={styles.reach} d={path} />
      <path
        className={styles.stroke}
        d={path}
        strokeWidth={strokeOf(edge)}
        markerEnd={props.markerEnd}
      />
      {isLit && edge.idle === false ? (
        <circle
          r={4}
          className={styles.dot}
          style={{ offsetPath: `path("${path}")` }}
        />
      ) : null}
      {text !== undefined || lock ? (
        <g
          className={styles.label}
          transform={`translate(${label.x} ${label.y})`}
        >
          {lock ? (
            <g
              className={`${styles.lock} ${styles[lock]}`}
              transform={`translate(${
                text === undefined ? -6 : -text.length * 3 - 15
              } -6)`}
            >
              <path d={LOCK_BODY} />
              <path className={styles.shackle} d={LOCK_SHACKLE[lock]} />
            </g>
          ) : null}
          {text === undefined ? null : (
            <text textAnchor="middle" dominantBaseline="central">
              {text}
            </text>
          )}
        </g>
      ) : null}
    </g>
  );
});

export const edgeTypes = { call: CallEdge };
