import {
  RiCheckLine,
  RiForbidLine,
  RiTimeLine,
  RiTimerFlashLine,
  RiWifiOffLine,
} from '@remixicon/react';
import { type Coverage, type Freshness } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './badges.module.css';
import { RelativeTime, useAge } from './RelativeTime';

const LOOKS = {
  ok: [RiCheckLine, styles.good],
  stale: [RiTimeLine, styles.warn],
  timeout: [RiTimerFlashLine, styles.warn],
  unauthorized: [RiForbidLine, styles.bad],
  unreachable: [RiWifiOffLine, styles.bad],
} as const;

/** Freshness of one cluster's report, with its age unless it is current. */
export function FreshnessMark(props: { state: Freshness; dataAt?: string }) {
  const { t } = useGnsTranslation();
  const [Icon, tone] = LOOKS[props.state];
  return (
    <span className={`${styles.mark} ${tone}`}>
      <Icon aria-hidden />
      {t(`freshness.${props.state}`)}
      <span className={styles.age}>
        <RelativeTime at={props.dataAt} />
      </span>
    </span>
  );
}

/** One cluster as a chip: name, freshness, and the age of its last report. */
export function FreshnessChip(props: { coverage: Coverage }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { cluster, state, dataAt } = props.coverage;
  const [Icon, tone] = LOOKS[state];
  const report =
    dataAt === undefined
      ? t('freshness.never')
      : t('freshness.lastData', { age: age(dataAt) });
  return (
    <span
      className={`${styles.chip} ${tone}`}
      title={`${t(`freshness.${state}`)} · ${report}`}
    >
      <Icon role="img" aria-label={t(`freshness.${state}`)} />
      <span className={styles.name}>{cluster}</span>
      {state === 'ok' ? null : (
        <span className={styles.age}>
          <RelativeTime at={dataAt} />
        </span>
      )}
    </span>
  );
}

/** The clusters of a global namespace. */
export function FreshnessChips(props: { coverage: readonly Coverage[] }) {
  return (
    <ul className={styles.chips}>
      {props.coverage.map(one => (
        <li key={one.cluster}>
          <FreshnessChip coverage={one} />
        </li>
      ))}
    </ul>
  );
}
