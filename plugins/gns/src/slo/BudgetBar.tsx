import { type SloBudget, type SloState } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../useGnsTranslation';
import { useLanguage } from '../components/state/RelativeTime';
import { barOf } from './bar';
import { budgetText } from './numbers';
import styles from './slo.module.css';

/**
 * What is left of an error budget: full when nothing is used, hatched where it
 * is not known, red to the left of its middle when overspent.
 */
export function BudgetBar(props: {
  budget: SloBudget;
  /** Without traffic nothing is used, which is not the same as unknown. */
  state?: SloState;
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const { budget } = props;
  const budgetWords = useBudgetText();
  const idle = props.state === 'noTraffic';
  const bar = barOf(budget, props.state);
  const text = idle ? t('slo.nothingUsed') : budgetWords(budget);
  const bounds = budget.remainingBounds;
  const uncertain =
    bounds && bounds.high - bounds.low > 0.001
      ? t('slo.budgetBetween', {
          low: budgetText(bounds.low, language) ?? '',
          high: budgetText(bounds.high, language) ?? '',
        })
      : undefined;
  return (
    <span className={styles.budget} title={uncertain}>
      <span className={styles.track} aria-hidden>
        {bar.unknown ? (
          <span
            className={styles.unsure}
            style={{
              insetInlineStart: `${bar.unknown.from * 100}%`,
              width: `${(bar.unknown.to - bar.unknown.from) * 100}%`,
            }}
          />
        ) : null}
        <span
          className={`${styles.left} ${styles[bar.tone]}`}
          style={{ width: `${bar.filled * 100}%` }}
        />
      </span>
      <span className={styles.budgetText}>{text}</span>
    </span>
  );
}

/** What is left of a budget in words; unknown is said, not shown as zero. */
export function useBudgetText(): (budget: SloBudget) => string {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  return budget => {
    const { remaining } = budget;
    const text = budgetText(
      remaining === null ? null : Math.abs(remaining),
      language,
    );
    if (remaining === null || text === undefined) {
      return t('slo.budgetUnknown');
    }
    return remaining < 0
      ? t('slo.overspent', { value: text })
      : t('slo.left', { value: text });
  };
}
