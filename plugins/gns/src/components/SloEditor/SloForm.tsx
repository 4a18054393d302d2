import { Alert } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ChoiceEntry } from '../DefinitionForm/ChoiceEntry';
import { FormProvider, type FormState } from '../DefinitionForm/FormContext';
import { OwnerEntry } from '../DefinitionForm/OwnerEntry';
import { TextEntry } from '../DefinitionForm/TextEntry';
import form from '../DefinitionForm/form.module.css';
import { AlertsSection } from './AlertsSection';
import { ObjectivesSection } from './ObjectivesSection';
import { ServicesEntry } from './ServicesEntry';
import { TemplateChoice } from './TemplateChoice';
import { WindowSection } from './WindowSection';

/** An objective as a form; what it does not show stays in the document. */
export function SloForm(props: FormState & { unreadable: boolean }) {
  const { t } = useGnsTranslation();
  const { unreadable, ...state } = props;
  return (
    <FormProvider value={state}>
      <div className={form.form}>
        {unreadable ? (
          <Alert status="warning" icon title={t('editing.unreadable')} />
        ) : null}
        <section className={form.section} aria-labelledby="gns-slo-basics">
          <h3 id="gns-slo-basics" className={form.heading}>
            {t('editing.basics')}
          </h3>
          {state.exists ? null : <TemplateChoice />}
          <TextEntry
            path={['metadata', 'name']}
            label={t('fields.metadata_name')}
            description={t('sloFields.metadata_nameText')}
            isRequired
            isReadOnly={state.exists}
          />
          <TextEntry
            path={['metadata', 'title']}
            label={t('fields.metadata_title')}
          />
          <OwnerEntry />
          <ServicesEntry />
          <ChoiceEntry
            path={['spec', 'purpose']}
            label={t('sloFields.spec_purpose')}
            description={t('sloFields.spec_purposeText')}
            defaultValue="monitored"
            options={[
              { id: 'monitored', label: t('sloFields.purpose_monitored') },
              { id: 'actionable', label: t('sloFields.purpose_actionable') },
            ]}
          />
        </section>
        <ObjectivesSection />
        <WindowSection />
        <AlertsSection />
      </div>
    </FormProvider>
  );
}
