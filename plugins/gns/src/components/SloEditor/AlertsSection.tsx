import { Checkbox } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import form from '../DefinitionForm/form.module.css';
import { useField } from '../DefinitionForm/FormContext';
import { NumberEntry } from './NumberEntry';

/** Which alerts go to the owner. */
export function AlertsSection() {
  const { t } = useGnsTranslation();
  return (
    <section className={form.section} aria-labelledby="gns-slo-alerts">
      <h3 id="gns-slo-alerts" className={form.heading}>
        {t('sloEdit.alerts')}
      </h3>
      <div className={form.quiet}>{t('sloEdit.alertsText')}</div>
      <AlertEntry severity="page" />
      <AlertEntry severity="ticket" />
      <NumberEntry
        path={['spec', 'alerts', 'minBadRequests']}
        label={t('sloFields.spec_alerts_minBadRequests')}
        description={t('sloFields.spec_alerts_minBadRequestsText')}
        placeholder="3"
      />
    </section>
  );
}

function AlertEntry(props: { severity: 'page' | 'ticket' }) {
  const { t } = useGnsTranslation();
  const { severity } = props;
  const field = useField(['spec', 'alerts', severity]);
  return (
    <Checkbox
      isSelected={field.value !== false}
      // What is on by default is left out unless it is written already.
      onChange={on =>
        field.set(on && field.value === undefined ? undefined : on)
      }
      isDisabled={field.isDisabled}
    >
      {t(`sloAlert.${severity}`)}
    </Checkbox>
  );
}
