import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionLine,
} from '@remixicon/react';
import { type Health } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './badges.module.css';

const LOOKS = {
  healthy: [RiCheckboxCircleFill, styles.good],
  degraded: [RiAlertFill, styles.warn],
  failing: [RiCloseCircleFill, styles.bad],
  unknown: [RiQuestionLine, styles.quiet],
} as const;

/** Health as shape, colour and word. `iconOnly` keeps the word for screen readers. */
export function HealthMark(props: { health: Health; iconOnly?: boolean }) {
  const { t } = useGnsTranslation();
  const [Icon, tone] = LOOKS[props.health];
  const word = t(`health.${props.health}`);
  return props.iconOnly ? (
    <span className={`${styles.mark} ${tone}`} title={word}>
      <Icon role="img" aria-label={word} />
    </span>
  ) : (
    <span className={`${styles.mark} ${tone}`}>
      <Icon aria-hidden />
      {word}
    </span>
  );
}
