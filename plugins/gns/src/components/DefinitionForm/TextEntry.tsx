import { TextAreaField, TextField } from '@backstage/ui';
import { type Path } from '../../editor/jsonSchema';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useField } from './FormContext';

/** A text of the document; emptied, it is left out unless it is required. */
export function TextEntry(props: {
  path: Path;
  label: string;
  description?: string;
  placeholder?: string;
  isRequired?: boolean;
  isReadOnly?: boolean;
  /** Several lines fit. */
  long?: boolean;
}) {
  const { t } = useGnsTranslation();
  const field = useField(props.path);
  const { value } = field;
  const isText =
    value === undefined || value === null || typeof value !== 'object';
  const shared = {
    label: props.label,
    description: isText ? props.description : t('editing.otherShape'),
    secondaryLabel: props.isRequired ? t('editor.required') : undefined,
    value: isText ? String(value ?? '') : '',
    onChange: (text: string) =>
      field.set(text === '' && !props.isRequired ? undefined : text),
    isDisabled: field.isDisabled || !isText,
    isReadOnly: props.isReadOnly,
    // Not `isInvalid` beside it: that would hide the sentence.
    validationBehavior: 'aria' as const,
    validate: () => field.error ?? null,
  };
  return props.long ? (
    <TextAreaField {...shared} rows={2} />
  ) : (
    <TextField {...shared} placeholder={props.placeholder} size="small" />
  );
}
