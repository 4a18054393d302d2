import { useLive } from '../live/useLive';
import { useGnsTranslation } from '../useGnsTranslation';
import { type gnsPickerSchema } from './fieldSchemas';
import { PickerField } from './PickerField';

/** A global namespace that the person may read. */
export function GnsPicker(props: typeof gnsPickerSchema.TProps) {
  const { t } = useGnsTranslation();
  const live = useLive(
    'global-namespaces',
    (api, signal) => api.listGlobalNamespaces(signal),
    { topics: ['definitions'] },
  );
  return (
    <PickerField
      live={live}
      options={({ items }) =>
        items.map(({ name, title, domain }) => ({
          value: name,
          label: `${title ?? name} · ${domain}`,
        }))
      }
      label={props.schema.title ?? t('scaffolder.gns')}
      help={props.schema.description ?? t('scaffolder.gnsHelp')}
      none={t('scaffolder.gnsNone')}
      value={props.formData}
      onChange={props.onChange}
      isRequired={props.required}
      isInvalid={(props.rawErrors?.length ?? 0) > 0}
      isDisabled={props.disabled}
    />
  );
}
