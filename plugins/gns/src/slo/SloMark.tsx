import { type SloState } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../useGnsTranslation';
import badges from '../components/state/badges.module.css';
import { SLO_LOOKS } from './looks';

/** The state of an objective as shape, colour and word. `iconOnly` keeps the word for screen readers. */
export function SloMark(props: { state: SloState; iconOnly?: boolean }) {
  const { t } = useGnsTranslation();
  const { Icon, tone } = SLO_LOOKS[props.state];
  const word = t(`sloState.${props.state}`);
  return props.iconOnly ? (
    <span
      className={`${badges.mark} ${badges[tone]}`}
      title={t('slo.objectiveIs', { state: word })}
    >
      <Icon role="img" aria-label={t('slo.objectiveIs', { state: word })} />
    </span>
  ) : (
    <span className={`${badges.mark} ${badges[tone]}`}>
      <Icon aria-hidden />
      {word}
    </span>
  );
}
