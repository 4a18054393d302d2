import { Select } from '@backstage/ui';
import { type Live } from '../live/useLive';
import { useGnsTranslation } from '../useGnsTranslation';

/** One of what the hub knows; says why there is nothing to choose. */
export function PickerField<T>(props: {
  live: Live<T>;
  options: (value: T) => { value: string; label: string }[];
  label: string;
  help: string;
  /** Shown where there is nothing to choose. */
  none: string;
  value?: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
  isInvalid: boolean;
  isDisabled?: boolean;
}) {
  const { t } = useGnsTranslation();
  const { live } = props;
  const options = live.value === undefined ? [] : props.options(live.value);
  return (
    <Select
      label={props.label}
      description={describe()}
      placeholder={
        live.value === undefined && !live.error
          ? t('scaffolder.loading')
          : t('scaffolder.choose')
      }
      searchable={options.length > 8}
      options={options}
      value={props.value ?? null}
      onChange={key => props.onChange(String(key))}
      isRequired={props.isRequired}
      isInvalid={props.isInvalid}
      isDisabled={props.isDisabled || options.length === 0}
    />
  );

  function describe(): string {
    if (live.value === undefined) {
      return live.error
        ? t('scaffolder.failed', { reason: live.error.message })
        : props.help;
    }
    return options.length === 0 ? props.none : props.help;
  }
}
