import { type ReactNode } from 'react';
import { Skeleton, VisuallyHidden } from '@backstage/ui';
import { type Live } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ProblemView } from './ProblemView';
import styles from './state.module.css';

/**
 * Draws a read: a skeleton until it answers, the problem if it fails before
 * anything was seen, else the newest answer that there is.
 */
export function LiveView<T>(props: {
  live: Live<T>;
  permission: string;
  skeleton?: ReactNode;
  children: (value: T) => ReactNode;
}) {
  const { live } = props;
  if (live.value !== undefined) return <>{props.children(live.value)}</>;
  if (live.error) {
    return (
      <ProblemView
        error={live.error}
        onRetry={live.reload}
        permission={props.permission}
      />
    );
  }
  return <>{props.skeleton ?? <SkeletonRows rows={6} />}</>;
}

/** Grey rows of the height that content will have. */
export function SkeletonRows(props: { rows: number; height?: number }) {
  const { t } = useGnsTranslation();
  return (
    <div className={styles.skeleton} role="status" aria-busy="true">
      <VisuallyHidden>{t('state.loading')}</VisuallyHidden>
      {Array.from({ length: props.rows }, (_, i) => (
        <Skeleton key={i} width="100%" height={props.height ?? 40} />
      ))}
    </div>
  );
}
