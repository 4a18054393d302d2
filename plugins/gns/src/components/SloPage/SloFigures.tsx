import { type ReactNode } from 'react';
import {
  type SloDetail,
  type SloObjectiveStatus,
} from '@isthmus/plugin-gns-common';
import { BudgetBar } from '../../slo/BudgetBar';
import { burnText, countText, lengthText, shareText } from '../../slo/numbers';
import { useBurningText, useComplianceText } from '../../slo/words';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAge, useExactTime, useLanguage } from '../state/RelativeTime';
import styles from './sloPage.module.css';

/** The numbers that answer first: is it kept, what is left, what burns, until when. */
export function SloFigures(props: { detail: SloDetail }) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const burning = useBurningText();
  const { detail } = props;
  const { summary } = detail;
  const [, hour] = summary.burn;
  return (
    <div className={styles.figures}>
      {detail.objectives.map(one => (
        <ObjectiveFigure key={one.name} objective={one} detail={detail} />
      ))}
      <Figure label={t('slos.burn')}>
        <span className={styles.big}>
          {burnText(hour?.burn ?? null, language) ?? t('common.unknown')}
        </span>
        <span className={styles.quiet}>
          {burning(summary) || t('sloPage.nothingBurns')}
        </span>
      </Figure>
      <Figure label={t('sloPage.exhaustion')}>
        <Exhaustion detail={detail} />
      </Figure>
      <Figure label={t('sloPage.coverage')}>
        <span className={styles.big}>
          {shareText(summary.coverage, language, { digits: 1 }) ??
            t('common.unknown')}
        </span>
        <span className={styles.quiet}>{t('sloPage.coverageText')}</span>
      </Figure>
    </div>
  );
}

function Figure(props: { label: string; children: ReactNode }) {
  return (
    <div className={styles.figure}>
      <span className={styles.label}>{props.label}</span>
      {props.children}
    </div>
  );
}

function ObjectiveFigure(props: {
  objective: SloObjectiveStatus;
  detail: SloDetail;
}) {
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const compliance = useComplianceText();
  const { objective, detail } = props;
  const said = compliance({ ...objective, state: detail.summary.state });
  const amount = (value: number) =>
    objective.unit === 'seconds'
      ? lengthText(Math.round(value), language)
      : countText(value, language);
  return (
    <div className={styles.figure}>
      <span className={styles.label}>{objective.title ?? objective.name}</span>
      <span>
        <span className={styles.big}>{said.value}</span>{' '}
        <span className={styles.quiet}>{said.beside}</span>
      </span>
      <BudgetBar budget={objective.budget} state={detail.summary.state} />
      <span className={styles.quiet}>
        {objective.allowedBad === null
          ? t('sloPage.badOnly', { bad: amount(objective.bad) })
          : t(`sloUnit.${objective.unit}`, {
              bad: amount(objective.bad),
              allowed: amount(objective.allowedBad),
            })}
      </span>
      <Threshold objective={objective} />
    </div>
  );
}

/** Where a threshold is really judged, when that is not where it was written. */
function Threshold(props: { objective: SloObjectiveStatus }) {
  const { t } = useGnsTranslation();
  const { threshold } = props.objective;
  if (!threshold || threshold.exact) return null;
  return (
    <span className={styles.quiet}>
      {threshold.interpolated || threshold.lowMs === null
        ? t('sloPage.thresholdEstimated', { asked: String(threshold.askedMs) })
        : t('sloPage.thresholdSnapped', {
            asked: String(threshold.askedMs),
            at: String(threshold.lowMs),
          })}
    </span>
  );
}

function Exhaustion(props: { detail: SloDetail }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const exact = useExactTime();
  const { budget, exhaustedAt } = props.detail.summary;
  if (budget.remaining === null) {
    return <span className={styles.big}>{t('common.unknown')}</span>;
  }
  if (budget.remaining <= 0) {
    return <span className={styles.big}>{t('sloPage.exhausted')}</span>;
  }
  if (exhaustedAt === null) {
    return (
      <>
        <span className={styles.big}>{t('sloPage.notInSight')}</span>
        <span className={styles.quiet}>{t('sloPage.atThisRate')}</span>
      </>
    );
  }
  return (
    <>
      <span className={styles.big} title={exact(exhaustedAt)}>
        {age(exhaustedAt)}
      </span>
      <span className={styles.quiet}>{t('sloPage.atThisRate')}</span>
    </>
  );
}
