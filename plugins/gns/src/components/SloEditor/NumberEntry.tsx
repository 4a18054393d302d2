import { useEffect, useState } from 'react';
import { TextField } from '@backstage/ui';
import { type Path } from '../../editor/jsonSchema';
import { useField } from '../DefinitionForm/FormContext';
import { readNumber } from './readNumber';

/** A number of the document. What is no number is written as it is, and named as a mistake. */
export function NumberEntry(props: {
  path: Path;
  label: string;
  description?: string;
  /** What is in force when nothing is written. */
  placeholder?: string;
}) {
  const field = useField(props.path);
  const { value } = field;
  const written = value === undefined || value === null ? '' : String(value);
  // "99." on its way to "99.9" says 99 and is not rewritten under the cursor.
  const [text, setText] = useState(written);
  useEffect(() => {
    setText(before =>
      String(readNumber(before) ?? '') === written ? before : written,
    );
  }, [written]);
  return (
    <TextField
      label={props.label}
      description={props.description}
      placeholder={props.placeholder}
      size="small"
      inputMode="decimal"
      value={text}
      onChange={next => {
        setText(next);
        field.set(readNumber(next));
      }}
      isDisabled={field.isDisabled}
      isInvalid={field.error !== undefined}
      validationBehavior="aria"
      validate={() => field.error ?? null}
    />
  );
}
