import { Text } from '@backstage/ui';
import { type Condition, conditionKey } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useElapsed, useExactTime } from '../state/RelativeTime';
import { SeverityMark } from '../state/SeverityMark';
import styles from './GnsPage.module.css';
import { conditionPlace, openConditions } from './sortConditions';

/** What is not as it should be, the worst first, each with its remedy. */
export function ConditionList(props: { conditions: readonly Condition[] }) {
  const { t } = useGnsTranslation();
  const elapsed = useElapsed();
  const exact = useExactTime();
  const open = openConditions(props.conditions);
  if (open.length === 0) {
    return <Text color="secondary">{t('overview.noConditions')}</Text>;
  }
  return (
    <ul className={styles.list}>
      {open.map(condition => (
        <li key={conditionKey(condition)}>
          <div className={styles.line}>
            <SeverityMark severity={condition.severity} />
            <strong>{condition.reason}</strong>
            {conditionPlace(condition) ? (
              <span className={styles.quiet}>{conditionPlace(condition)}</span>
            ) : null}
            {condition.lastTransitionTime ? (
              <span
                className={styles.quiet}
                title={exact(condition.lastTransitionTime)}
              >
                {t('overview.since', {
                  duration: elapsed(condition.lastTransitionTime),
                })}
              </span>
            ) : null}
          </div>
          <p className={styles.message}>{condition.message}</p>
          {condition.object ? (
            <code className={styles.mono}>{condition.object}</code>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
