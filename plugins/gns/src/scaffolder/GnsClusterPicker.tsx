import { type Cluster } from '@isthmus/plugin-gns-common';
import { useLive } from '../live/useLive';
import { useGnsTranslation } from '../useGnsTranslation';
import { type clusterPickerSchema } from './fieldSchemas';
import { PickerField } from './PickerField';

/** A member cluster. */
export function GnsClusterPicker(props: typeof clusterPickerSchema.TProps) {
  const { t } = useGnsTranslation();
  const allowSimulated = props.uiSchema['ui:options']?.allowSimulated ?? true;
  const live = useLive('clusters', (api, signal) => api.listClusters(signal), {
    topics: ['clusters'],
  });
  const label = ({ name, simulated, freshness }: Cluster) => {
    if (freshness !== 'ok') return t('scaffolder.stale', { name });
    return simulated ? t('scaffolder.simulated', { name }) : name;
  };
  return (
    <PickerField
      live={live}
      options={({ items }) =>
        items
          .filter(
            one =>
              one.state === 'enrolled' && (allowSimulated || !one.simulated),
          )
          .map(one => ({ value: one.name, label: label(one) }))
      }
      label={props.schema.title ?? t('scaffolder.cluster')}
      help={props.schema.description ?? t('scaffolder.clusterHelp')}
      none={t('scaffolder.clusterNone')}
      value={props.formData}
      onChange={props.onChange}
      isRequired={props.required}
      isInvalid={(props.rawErrors?.length ?? 0) > 0}
      isDisabled={props.disabled}
    />
  );
}
