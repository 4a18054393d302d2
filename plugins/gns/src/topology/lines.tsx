import { memo, useContext } from 'react';
import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
} from '@xyflow/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { gnsTranslationRef } from '../translation';
import { arcPath } from './arcPath';
import { BrightContext } from './boxes';
import { type FlowLine } from './flow';
import styles from './topology.module.css';

const ArcLine = memo((props: EdgeProps<FlowLine>) => {
  const { t } = useTranslationRef(gnsTranslationRef);
  const dim = useContext(BrightContext) ? styles.dim : '';
  const { path, label } = arcPath(
    { x: props.sourceX, y: props.sourceY },
    { x: props.targetX, y: props.targetY },
  );
  const { health = 'unknown', bundle } = props.data ?? {};
  return (
    <>
      <path
        d={path}
        className={`${styles.line} ${styles[health] ?? ''} ${dim}`}
        markerEnd={props.markerEnd}
      />
      {bundle ? (
        <EdgeLabelRenderer>
          <span
            className={`${styles.lineLabel} ${dim}`}
            style={{
              transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)`,
            }}
          >
            {`${bundle.from} → ${bundle.to}: ${t('count.services', {
              count: bundle.services,
            })}`}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});

const DirectLine = memo((props: EdgeProps<FlowLine>) => {
  const [path] = getBezierPath(props);
  const { health = 'unknown' } = props.data ?? {};
  return (
    <BaseEdge
      path={path}
      interactionWidth={0}
      markerEnd={props.markerEnd}
      className={[
        styles.line,
        styles[health] ?? '',
        props.type === 'same' ? styles.same : '',
      ].join(' ')}
    />
  );
});

export const edgeTypes = { arc: ArcLine, route: DirectLine, same: DirectLine };
