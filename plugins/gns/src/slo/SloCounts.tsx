import { SLO_STATES, type SloSummary } from '@isthmus/plugin-gns-common';
import badges from '../components/state/badges.module.css';
import { useGnsTranslation } from '../useGnsTranslation';
import { SLO_LOOKS } from './looks';

/** How many objectives are in which state, worst first; nothing when there are none. */
export function SloCounts(props: { slos: readonly SloSummary[] }) {
  const { t } = useGnsTranslation();
  const counts = SLO_STATES.map(state => ({
    state,
    count: props.slos.filter(one => one.state === state).length,
  })).filter(({ count }) => count > 0);
  if (counts.length === 0) return null;
  return (
    <ul className={badges.chips} aria-label={t('slos.list')}>
      {counts.map(({ state, count }) => {
        const { Icon, tone } = SLO_LOOKS[state];
        const text = t('slo.countIs', {
          number: String(count),
          state: t(`sloState.${state}`),
        });
        return (
          <li
            key={state}
            className={`${badges.mark} ${badges[tone]}`}
            title={text}
          >
            <Icon role="img" aria-label={text} />
            <span aria-hidden>{count}</span>
          </li>
        );
      })}
    </ul>
  );
}
