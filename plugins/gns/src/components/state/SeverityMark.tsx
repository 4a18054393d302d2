import {
  RiAlertLine,
  RiErrorWarningLine,
  RiInformationLine,
} from '@remixicon/react';
import { type Condition } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './badges.module.css';

const LOOKS = {
  error: [RiErrorWarningLine, styles.bad],
  warning: [RiAlertLine, styles.warn],
  info: [RiInformationLine, styles.quiet],
} as const;

/** Severity of a condition as shape, colour and word. */
export function SeverityMark(props: { severity: Condition['severity'] }) {
  const { t } = useGnsTranslation();
  const [Icon, tone] = LOOKS[props.severity];
  return (
    <span className={`${styles.mark} ${tone}`}>
      <Icon aria-hidden />
      {t(`severity.${props.severity}`)}
    </span>
  );
}

/** How many conditions of each severity are not true; nothing when none is. */
export function ConditionCounts(props: {
  counts: { error: number; warning: number; info: number };
}) {
  const { t } = useGnsTranslation();
  const { error, warning, info } = props.counts;
  const marks = [
    ['error', error, t('count.errors', { count: error })],
    ['warning', warning, t('count.warnings', { count: warning })],
    ['info', info, t('count.notes', { count: info })],
  ] as const;
  return (
    <>
      {marks
        .filter(([, count]) => count > 0)
        .map(([severity, , text]) => {
          const [Icon, tone] = LOOKS[severity];
          return (
            <span key={severity} className={`${styles.mark} ${tone}`}>
              <Icon aria-hidden />
              {text}
            </span>
          );
        })}
    </>
  );
}
