import { type SloSummary, type SloWindow } from '@isthmus/plugin-gns-common';
import { useElapsed, useLanguage } from '../components/state/RelativeTime';
import { useGnsTranslation } from '../useGnsTranslation';
import {
  budgetText,
  digitsBeside,
  lengthText,
  shareText,
  targetText,
} from './numbers';

/** Compliance beside its target: unknown is said, and where it lies when that is all that is known. */
export function useComplianceText(): (
  summary: Pick<SloSummary, 'budget' | 'target' | 'state'>,
) => { value: string; beside: string } {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  return ({ budget, target, state }) => {
    const digits = digitsBeside(target);
    const beside = t('slo.ofTarget', { target: targetText(target, language) });
    const { sliBounds: bounds } = budget;
    const sli = shareText(budget.sli, language, { digits });
    if (state === 'noTraffic')
      return { value: t('sloState.noTraffic'), beside };
    if (bounds && bounds.high - bounds.low > 10 ** -(digits + 2)) {
      return {
        value: t('slo.between', {
          low: shareText(bounds.low, language, { digits }) ?? '',
          high: shareText(bounds.high, language, { digits }) ?? '',
        }),
        beside,
      };
    }
    return { value: sli ?? t('common.unknown'), beside };
  };
}

/** What burns now, since when and where; empty: nothing does. */
export function useBurningText(): (
  summary: Pick<SloSummary, 'burning'>,
) => string {
  const { t } = useGnsTranslation();
  const elapsed = useElapsed();
  return ({ burning }) => {
    if (!burning) return '';
    const [worst] = burning.culprits;
    const where = worst
      ? t('slo.burnsWhere', { service: worst.service, cluster: worst.cluster })
      : burning.objective;
    return burning.since
      ? t('slo.burnsSince', { where, duration: elapsed(burning.since) })
      : where;
  };
}

/** The window of an objective: "28 days, rolling", "calendar month (Europe/Berlin)". */
export function useWindowText(): (window: SloWindow) => string {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  return window =>
    window.type === 'rolling'
      ? t('slo.rolling', {
          length: lengthText(window.days * 86_400, language),
        })
      : t('slo.calendar', {
          period: t(`sloPeriod.${window.period}`),
          zone: window.timeZone,
        });
}

/** What a line of budgets says: where it began and where it is. */
export function useTrendText(): (trend: readonly (number | null)[]) => string {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  return trend => {
    const known = trend.filter(value => value !== null);
    return known.length < 2
      ? t('slo.trendUnknown')
      : t('slo.trendText', {
          from: budgetText(known[0], language) ?? '',
          to: budgetText(known[known.length - 1], language) ?? '',
        });
  };
}
