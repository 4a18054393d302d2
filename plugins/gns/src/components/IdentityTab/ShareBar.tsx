import { useGnsTranslation } from '../../useGnsTranslation';
import { useLanguage } from '../state/RelativeTime';
import styles from './moves.module.css';

/** How many of those that it needs have come so far, and who has not. */
export function ShareBar(props: {
  label: string;
  /** In words, with the numbers. */
  text: string;
  meeting: number;
  total: number;
  waiting?: readonly string[];
  silent?: readonly string[];
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { label, meeting, total, waiting = [], silent = [] } = props;
  const names = (list: readonly string[]) =>
    new Intl.ListFormat(language).format(list);
  return (
    <li className={styles.share}>
      <span>{label}</span>
      <span>{total === 0 ? t('moves.nobody') : props.text}</span>
      <span className={styles.track}>
        <span
          className={styles.fill}
          data-whole={meeting >= total}
          style={{
            inlineSize: `${total === 0 ? 100 : (100 * meeting) / total}%`,
          }}
        />
      </span>
      {waiting.length > 0 ? (
        <span className={styles.quiet}>
          {t('moves.waitingFor', { names: names(waiting) })}
        </span>
      ) : null}
      {silent.length > 0 ? (
        <span className={styles.quiet}>
          {t('moves.silent', { names: names(silent) })}
        </span>
      ) : null}
    </li>
  );
}
