import { useState } from 'react';
import { Combobox, Tag, TagGroup } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './form.module.css';

/** A list of names: chosen from those that exist, or written. */
export function NamesEntry(props: {
  /** What is named: clusters, namespaces, services. */
  what: string;
  names: readonly string[];
  known: readonly string[];
  isDisabled: boolean;
  error?: string;
  onChange: (names: string[]) => void;
}) {
  const { t } = useGnsTranslation();
  const [input, setInput] = useState('');
  const { names, known, onChange } = props;

  const add = (text: string) => {
    const fresh = text
      .split(/[\s,]+/)
      .filter(name => name && !names.includes(name));
    setInput('');
    if (fresh.length > 0) onChange([...names, ...new Set(fresh)]);
  };

  return (
    <div
      className={styles.names}
      // A name that is on no list: the field itself knows its list only.
      onKeyDownCapture={event => {
        const { target } = event;
        if (
          event.key === 'Enter' &&
          !event.nativeEvent.isComposing &&
          target instanceof HTMLInputElement &&
          !target.getAttribute('aria-activedescendant') &&
          target.value.trim()
        ) {
          event.preventDefault();
          event.stopPropagation();
          add(target.value);
        }
      }}
    >
      {names.length > 0 ? (
        <TagGroup
          aria-label={props.what}
          items={names.map(name => ({ id: name, name }))}
          onRemove={
            props.isDisabled
              ? undefined
              : keys => onChange(names.filter(name => !keys.has(name)))
          }
        >
          {(item: { id: string; name: string }) => (
            <Tag id={item.id} textValue={item.name}>
              {item.name}
            </Tag>
          )}
        </TagGroup>
      ) : null}
      <Combobox
        aria-label={t('editing.addName', { what: props.what })}
        placeholder={t('editing.addNameHint')}
        options={known
          .filter(name => !names.includes(name))
          .map(name => ({ id: name, label: name }))}
        search={{ inputValue: input, onInputChange: setInput }}
        value={null}
        onChange={key => key !== null && add(String(key))}
        allowsCustomValue
        onBlur={() => input.trim() && add(input)}
        isDisabled={props.isDisabled}
        isInvalid={props.error !== undefined}
        validationBehavior="aria"
        validate={() => props.error ?? null}
      />
    </div>
  );
}
