import { type ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type View } from '../picture/view';
import canvas from '../canvas/canvas.module.css';
import styles from './page.module.css';

/** What lines mean, and how much is not drawn. */
export function HiddenLine(props: {
  view: View;
  updated: ReactNode;
  canShowAll: boolean;
  onShowAll: () => void;
}) {
  const { t } = useGnsTranslation();
  const { nodes, edges } = props.view.hidden;
  const line = (look: string) => (
    <svg width={28} height={8} aria-hidden className={canvas.line}>
      <g className={`${canvas.line} ${look}`}>
        <path className={canvas.stroke} d="M1 4H27" strokeWidth={2} />
      </g>
    </svg>
  );
  return (
    <div className={styles.hiddenLine}>
      <ul className={styles.legend} aria-label={t('legend.label')}>
        <li>
          {line(canvas.healthy)}
          {t('health.healthy')}
        </li>
        <li>
          {line(canvas.degraded)}
          {t('health.degraded')}
        </li>
        <li>
          {line(canvas.failing)}
          {t('health.failing')}
        </li>
        <li>
          {line(canvas.idle)}
          {t('legend.idle')}
        </li>
        <li>
          {line(canvas.unknown)}
          {t('legend.unknown')}
        </li>
      </ul>
      {nodes + edges > 0 ? (
        <span className={styles.count} role="status">
          {[
            nodes > 0 ? t('hidden.nodes', { count: nodes }) : '',
            edges > 0 ? t('hidden.edges', { count: edges }) : '',
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      ) : null}
      {props.canShowAll ? (
        <Button size="small" variant="tertiary" onPress={props.onShowAll}>
          {t('hidden.showAll')}
        </Button>
      ) : null}
      <span>{props.updated}</span>
    </div>
  );
}
