import { Select } from '@backstage/ui';
import { type Path } from '../../editor/jsonSchema';
import { useField } from './FormContext';

/** One of a few values; the default is left out of the document. */
export function ChoiceEntry(props: {
  path: Path;
  label: string;
  description?: string;
  options: readonly { id: string; label: string }[];
  defaultValue: string;
  /** It never changes once used. */
  isReadOnly?: boolean;
}) {
  const field = useField(props.path);
  const { options, defaultValue } = props;
  return (
    <Select
      label={props.label}
      description={field.error ?? props.description}
      options={[...options]}
      value={String(field.value ?? defaultValue)}
      onChange={chosen =>
        field.set(
          chosen === defaultValue && field.value === undefined
            ? undefined
            : String(chosen),
        )
      }
      isDisabled={field.isDisabled || props.isReadOnly}
      isInvalid={field.error !== undefined}
    />
  );
}
