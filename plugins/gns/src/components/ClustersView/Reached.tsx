import { RiCheckLine, RiCloseLine, RiQuestionLine } from '@remixicon/react';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import badges from '../state/badges.module.css';
import { useAge, useElapsed, useExactTime } from '../state/RelativeTime';
import { reach } from './reachability';

/** Whether one cluster reaches the gateway of another, since when, and how old that is. */
export function Reached(props: { from: Cluster; to: string }) {
  const { t } = useGnsTranslation();
  const elapsed = useElapsed();
  const exact = useExactTime();
  const age = useAge();
  const { from, to } = props;
  const found = reach(from, to);
  if (found.state === 'itself') {
    return <span className={styles.quiet}>{t('clusters.itself')}</span>;
  }
  if (found.state === 'notMeasured') {
    return (
      <span className={`${badges.mark} ${badges.quiet}`}>
        <RiQuestionLine aria-hidden />
        {t('clusters.notMeasured')}
      </span>
    );
  }
  const { latencyMs, error, since, checkedAt } = found.probe;
  const good = found.state === 'reachable';
  const Icon = good ? RiCheckLine : RiCloseLine;
  let text: string = t('clusters.unreachable');
  if (good) {
    text =
      latencyMs === undefined
        ? t('clusters.reachableNoTime')
        : t('clusters.reachable', { ms: String(Math.round(latencyMs)) });
  }
  return (
    <>
      <span className={`${badges.mark} ${good ? badges.good : badges.bad}`}>
        <Icon aria-hidden />
        {text}
      </span>
      <div className={styles.quiet} title={exact(since)}>
        {error ? `${error}, ` : ''}
        {t('clusters.since', { duration: elapsed(since) })}
      </div>
      {from.freshness === 'ok' ? null : (
        // Its controller is silent: this was true then.
        <div className={styles.quiet} title={exact(checkedAt)}>
          {t('cluster.measured', { age: age(checkedAt) })}
        </div>
      )}
    </>
  );
}
