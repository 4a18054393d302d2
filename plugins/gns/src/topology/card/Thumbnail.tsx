import { useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { usePlaced } from '../page/usePlaced';
import { viewOf } from '../picture/view';
import { miniatureOf } from './miniature';
import styles from './card.module.css';

/** Above this many services the picture shows namespaces. */
const SERVICES_UP_TO = 40;
const NO_PINS = new Map<string, never>();

/** A global namespace's graph in small; read once it is on the screen. */
export function Thumbnail(props: { gns: string; services: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isSeen, setIsSeen] = useState(
    typeof IntersectionObserver === 'undefined',
  );
  useEffect(() => {
    if (isSeen || !frame.current) return undefined;
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) setIsSeen(true);
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [isSeen]);
  // The room is there before the picture is: nothing jumps.
  return (
    <div ref={frame} className={styles.thumbnail}>
      {isSeen ? <ThumbnailPicture {...props} /> : null}
    </div>
  );
}

function ThumbnailPicture(props: { gns: string; services: number }) {
  const { gns, services } = props;
  const { t } = useGnsTranslation();
  const level = services <= SERVICES_UP_TO ? 'service' : 'namespace';
  const live = useLive(
    `traffic-thumbnail/${gns}/${level}`,
    (api, signal) =>
      api.telemetry.getTraffic(gns, { level, limit: 400 }, signal),
    { topics: ['traffic', 'status', 'definitions'], gns },
  );
  const view = useMemo(
    () =>
      live.value &&
      viewOf(live.value, { edges: 'all', idle: true, strangers: true }),
    [live.value],
  );
  const { drawn } = usePlaced(view, level, NO_PINS);
  const picture = useMemo(
    () => drawn && miniatureOf(drawn.view, drawn.placement),
    [drawn],
  );
  if (live.error && !live.value) {
    return <span className={styles.note}>{t('thumbnail.failed')}</span>;
  }
  if (!picture) return null;
  if (picture.nodes.length === 0) {
    return <span className={styles.note}>{t('topology.empty')}</span>;
  }
  const { counts } = picture;
  return (
    <svg
      role="img"
      aria-label={t('thumbnail.label', {
        nodes: String(picture.nodes.length),
        calls: String(picture.lines.length),
        failing: String(counts.failing),
        degraded: String(counts.degraded),
        unknown: String(counts.unknown),
      })}
      className={styles.miniature}
      viewBox={picture.viewBox}
      preserveAspectRatio="xMidYMid meet"
    >
      {picture.boxes.map(box => (
        <rect
          key={box.id}
          className={styles.box}
          x={box.x}
          y={box.y}
          width={box.width}
          height={box.height}
          rx={14}
        />
      ))}
      {picture.lines.map(line => (
        <path
          key={line.id}
          className={`${styles.line} ${styles[line.health]} ${
            line.isIdle ? styles.idle : ''
          }`}
          d={line.path}
        />
      ))}
      {picture.nodes.map(node => (
        <rect
          key={node.id}
          className={`${styles.node} ${styles[node.health]}`}
          x={node.x}
          y={node.y}
          width={node.width}
          height={node.height}
          rx={12}
        />
      ))}
    </svg>
  );
}
