import { Text } from '@backstage/ui';
import { RiCheckLine, RiCloseLine, RiQuestionLine } from '@remixicon/react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { gnsTranslationRef } from '../../translation';
import styles from '../GnsPage/GnsPage.module.css';
import badges from '../state/badges.module.css';
import { DataTable } from '../state/DataTable';
import { useElapsed, useExactTime } from '../state/RelativeTime';
import { reach } from './reachability';

/** Who reaches whose east-west gateway, as the controllers measured it. */
export function ReachabilityMatrix(props: { clusters: Cluster[] }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const enrolled = props.clusters.filter(one => one.state !== 'waiting');
  if (enrolled.length < 2) return null;
  return (
    <section className={styles.section}>
      <Text
        as="h2"
        variant="title-x-small"
        weight="bold"
        className={styles.heading}
      >
        {t('clusters.reachability')}
      </Text>
      <Text as="p" color="secondary" variant="body-small">
        {t('clusters.reachabilityText')}
      </Text>
      <DataTable
        label={t('clusters.reachability')}
        rows={enrolled}
        rowKey={one => one.name}
        columns={[
          { id: 'from', label: t('clusters.from'), cell: one => one.name },
          ...enrolled.map(to => ({
            id: to.name,
            label: to.name,
            cell: (from: Cluster) => <Reached from={from} to={to.name} />,
          })),
        ]}
      />
    </section>
  );
}

function Reached(props: { from: Cluster; to: string }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const elapsed = useElapsed();
  const exact = useExactTime();
  const found = reach(props.from, props.to);
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
  const { latencyMs, error, since } = found.probe;
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
    </>
  );
}
