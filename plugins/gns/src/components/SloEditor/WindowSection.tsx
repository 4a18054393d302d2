import { Select } from '@backstage/ui';
import { valueAt } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ChoiceEntry } from '../DefinitionForm/ChoiceEntry';
import form from '../DefinitionForm/form.module.css';
import { useField, useForm } from '../DefinitionForm/FormContext';
import { TextEntry } from '../DefinitionForm/TextEntry';
import { NumberEntry } from './NumberEntry';
import { withMethod } from './objectiveEdits';

const DEFAULT_ZONE = 'UTC';

/** Over which time it is judged, and how. */
export function WindowSection() {
  const { t } = useGnsTranslation();
  const { onEdit, written } = useForm();
  const window = useField(['spec', 'window']);
  const type = String(valueAt(window.value, ['type']) ?? 'rolling');
  const method = String(
    valueAt(written, ['spec', 'method', 'type']) ?? 'requests',
  );
  const objectives = valueAt(written, ['spec', 'objectives']);
  return (
    <section className={form.section} aria-labelledby="gns-slo-window">
      <h3 id="gns-slo-window" className={form.heading}>
        {t('sloEdit.window')}
      </h3>
      <Select
        label={t('sloPage.window')}
        description={t('sloFields.spec_windowText')}
        options={[
          { id: 'rolling', label: t('sloFields.window_rolling') },
          { id: 'calendar', label: t('sloFields.window_calendar') },
        ]}
        value={type}
        onChange={chosen =>
          window.set(
            chosen === 'calendar'
              ? { type: 'calendar', period: 'month' }
              : { type: 'rolling', days: 28 },
          )
        }
        isDisabled={window.isDisabled}
      />
      {type === 'calendar' ? (
        <>
          <ChoiceEntry
            path={['spec', 'window', 'period']}
            label={t('sloFields.spec_window_period')}
            defaultValue="month"
            options={(['week', 'month', 'quarter', 'year'] as const).map(
              id => ({ id, label: t(`sloPeriod.${id}`) }),
            )}
          />
          <TextEntry
            path={['spec', 'window', 'timeZone']}
            label={t('sloFields.spec_window_timeZone')}
            description={t('sloFields.spec_window_timeZoneText')}
            placeholder={DEFAULT_ZONE}
          />
        </>
      ) : (
        <NumberEntry
          path={['spec', 'window', 'days']}
          label={t('sloFields.spec_window_days')}
          placeholder="28"
        />
      )}
      <Select
        label={t('sloFields.spec_method')}
        description={t('sloFields.spec_methodText')}
        options={[
          { id: 'requests', label: t('sloFields.method_requests') },
          { id: 'timeSlices', label: t('sloFields.method_timeSlices') },
        ]}
        value={method}
        onChange={chosen =>
          onEdit(
            [
              {
                path: ['spec', 'method'],
                value: chosen === 'timeSlices' ? { type: chosen } : undefined,
              },
              {
                path: ['spec', 'objectives'],
                value: withMethod(
                  Array.isArray(objectives) ? objectives : [],
                  chosen === 'timeSlices',
                ),
              },
            ],
            'method',
          )
        }
        isDisabled={window.isDisabled}
      />
      {method === 'timeSlices' ? (
        <>
          <ChoiceEntry
            path={['spec', 'method', 'length']}
            label={t('sloFields.spec_method_length')}
            defaultValue="15m"
            options={(['15m', '30m', '1h'] as const).map(id => ({
              id,
              label: t(`sloLength.${id}`),
            }))}
          />
          <ChoiceEntry
            path={['spec', 'method', 'judge']}
            label={t('sloFields.spec_method_judge')}
            description={t('sloFields.spec_method_judgeText')}
            defaultValue="together"
            options={[
              { id: 'together', label: t('sloFields.judge_together') },
              { id: 'anyCluster', label: t('sloFields.judge_anyCluster') },
            ]}
          />
          <ChoiceEntry
            path={['spec', 'method', 'noTraffic']}
            label={t('sloFields.spec_method_noTraffic')}
            description={t('sloFields.spec_method_noTrafficText')}
            defaultValue="good"
            options={[
              { id: 'good', label: t('sloFields.noTraffic_good') },
              { id: 'ignored', label: t('sloFields.noTraffic_ignored') },
            ]}
          />
        </>
      ) : null}
      <ChoiceEntry
        path={['spec', 'view']}
        label={t('sloFields.spec_view')}
        description={t('sloFields.spec_viewText')}
        defaultValue="client"
        options={[
          { id: 'client', label: t('sloView.client') },
          { id: 'server', label: t('sloView.server') },
        ]}
      />
      <ChoiceEntry
        path={['spec', 'errors', 'clientErrors']}
        label={t('sloFields.spec_errors_clientErrors')}
        description={t('sloFields.spec_errors_clientErrorsText')}
        defaultValue="good"
        options={[
          { id: 'good', label: t('sloFields.errors_good') },
          { id: 'bad', label: t('sloFields.errors_bad') },
        ]}
      />
      <ChoiceEntry
        path={['spec', 'errors', 'cancelled']}
        label={t('sloFields.spec_errors_cancelled')}
        description={t('sloFields.spec_errors_cancelledText')}
        defaultValue="excluded"
        options={[
          { id: 'excluded', label: t('sloFields.errors_excluded') },
          { id: 'good', label: t('sloFields.errors_good') },
          { id: 'bad', label: t('sloFields.errors_bad') },
        ]}
      />
    </section>
  );
}
