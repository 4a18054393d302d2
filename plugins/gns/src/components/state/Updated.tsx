import { type Live } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAge } from './RelativeTime';
import styles from './state.module.css';

/** When the page last heard from the hub; a warning once a read has failed. */
export function Updated(props: { live: Live<unknown> }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { readAt, error } = props.live;
  if (readAt === undefined) return null;
  return (
    <span
      className={error ? `${styles.updated} ${styles.late}` : styles.updated}
      title={error?.message}
      role={error ? 'status' : undefined}
    >
      {error
        ? t('time.stale', { age: age(readAt) })
        : t('time.updated', { age: age(readAt) })}
    </span>
  );
}
