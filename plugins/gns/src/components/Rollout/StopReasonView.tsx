import { Alert } from '@backstage/ui';
import { type Rollout } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ConditionList } from '../GnsPage/ConditionList';
import { useAge, useLanguage } from '../state/RelativeTime';

/** Why a rollout stopped, with what it saw. */
export function StopReasonView(props: { stop: NonNullable<Rollout['stop']> }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const language = useLanguage();
  const { reason, at } = props.stop;
  const percent = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={t('rollout.stopTitle', { age: age(at) })}
      description={
        <>
          <p style={{ margin: '0 0 8px' }}>{text()}</p>
          {reason.kind === 'conditions' ? (
            <ConditionList conditions={reason.conditions} />
          ) : null}
        </>
      }
    />
  );

  function text(): string {
    switch (reason.kind) {
      case 'conditions':
        return t('rollout.stopConditions', {
          count: reason.conditions.length,
        });
      case 'errors':
        return t('rollout.stopErrors', {
          errors: String(Math.round(reason.errors)),
          calls: String(Math.round(reason.calls)),
          limit: percent.format(reason.limit),
        });
      case 'notApplied':
        return t('rollout.stopNotApplied', {
          clusters: new Intl.ListFormat(language).format(reason.clusters),
          seconds: String(reason.seconds),
        });
      case 'compositionFailed':
        return t('rollout.stopComposition', { message: reason.message });
      default:
        return props.stop.text;
    }
  }
}
