import { memo, useContext } from 'react';
import {
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  getSmoothStepPath,
} from '@xyflow/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { gnsTranslationRef } from '../translation';
import { arcPath } from './arcPath';
import { SpotlightContext } from './boxes';
import { type FlowLine } from './flow';
import { type Bundle } from './graph';
import styles from './topology.module.css';

/** Both ways of a bundle, without a way that leads to nothing. */
function directions(bundle: Bundle) {
  const [a, b] = bundle.between;
  return [
    { from: a, to: b, count: bundle.there.length },
    { from: b, to: a, count: bundle.back.length },
  ].filter(one => one.count > 0);
}

const ArcLine = memo((props: EdgeProps<FlowLine>) => {
  const { t } = useTranslationRef(gnsTranslationRef);
  const spotlight = useContext(SpotlightContext);
  const dim = spotlight && !spotlight.bundles.has(props.id) ? styles.dim : '';
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
        markerStart={bundle?.back.length ? props.markerStart : undefined}
        markerEnd={bundle?.there.length ? props.markerEnd : undefined}
      />
      {bundle ? (
        <EdgeLabelRenderer>
          <span
            className={`${styles.lineLabel} ${dim}`}
            style={{
              transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)`,
            }}
          >
            {directions(bundle).map(({ from, to, count }) => (
              <span key={from}>
                {`${from} → ${to}: ${t('count.services', { count })}`}
              </span>
            ))}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});

/** From the gateway beside its cluster's other boxes to the service. */
const InsideLine = memo((props: EdgeProps<FlowLine>) => {
  const [path] = getSmoothStepPath({ ...props, offset: 8, borderRadius: 6 });
  return <path d={path} className={styles.line} markerEnd={props.markerEnd} />;
});

/** Between two clusters that serve the same host. */
const SameLine = memo((props: EdgeProps<FlowLine>) => {
  const [path] = getBezierPath(props);
  return <path d={path} className={`${styles.line} ${styles.same}`} />;
});

export const edgeTypes = { arc: ArcLine, inside: InsideLine, same: SameLine };
