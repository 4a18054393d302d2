import { Combobox } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useField, useForm } from './FormContext';

const PATH = ['metadata', 'owner'] as const;

/** Who owns it: the groups of the catalog to choose from, or any reference. */
export function OwnerEntry() {
  const { t } = useGnsTranslation();
  const field = useField(PATH);
  const { known } = useForm();
  const owner = typeof field.value === 'string' ? field.value : '';
  return (
    <Combobox
      label={t('fields.metadata_owner')}
      description={t('fields.metadata_ownerText')}
      options={known.owners.map(one => ({ id: one, label: one }))}
      search={{
        inputValue: owner,
        onInputChange: text => field.set(text === '' ? undefined : text),
      }}
      value={known.owners.includes(owner) ? owner : null}
      onChange={key => key !== null && field.set(String(key))}
      allowsCustomValue
      isDisabled={field.isDisabled}
      validationBehavior="aria"
      validate={() => field.error ?? null}
    />
  );
}
