import { useGnsTranslation } from '../../useGnsTranslation';
import form from '../DefinitionForm/form.module.css';
import { useField, useForm } from '../DefinitionForm/FormContext';
import { NamesEntry } from '../DefinitionForm/NamesEntry';

/** The global services that are judged together. */
export function ServicesEntry() {
  const { t } = useGnsTranslation();
  const { known } = useForm();
  const field = useField(['spec', 'services']);
  return (
    <div>
      <div className={form.title}>{t('sloFields.spec_services')}</div>
      <div className={form.quiet}>{t('sloFields.spec_servicesText')}</div>
      <NamesEntry
        what={t('sloFields.spec_services')}
        names={
          Array.isArray(field.value)
            ? field.value.map(name => String(name))
            : []
        }
        known={known.services}
        isDisabled={field.isDisabled}
        error={field.error}
        onChange={field.set}
      />
    </div>
  );
}
