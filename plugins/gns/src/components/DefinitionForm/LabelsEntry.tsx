import { useState } from 'react';
import { Button, ButtonIcon, TextField } from '@backstage/ui';
import { RiAddLine, RiDeleteBinLine } from '@remixicon/react';
import { same } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './form.module.css';

type Row = [key: string, value: string];

/**
 * Labels as rows. A document has each key once; a row that is being written
 * (no key yet, or one that another row has) lives here until it can go there.
 */
export function LabelsEntry(props: {
  labels: readonly Row[];
  isDisabled: boolean;
  error?: string;
  /** Begins with an empty row where there is none. */
  startsEmpty?: boolean;
  onChange: (labels: Row[]) => void;
}) {
  const { t } = useGnsTranslation();
  const [rows, setRows] = useState<readonly Row[]>(
    props.labels.length === 0 && props.startsEmpty ? [['', '']] : props.labels,
  );
  const shown = same(asMap(rows), asMap(props.labels)) ? rows : props.labels;

  const change = (next: readonly Row[]) => {
    setRows(next);
    props.onChange(Object.entries(asMap(next)));
  };
  const put = (at: number, row: Row) =>
    change(shown.map((old, i) => (i === at ? row : old)));

  return (
    <div className={styles.labels}>
      {shown.map(([key, value], i) => (
        <div key={i} className={styles.label}>
          <TextField
            size="small"
            aria-label={t('editing.labelKey')}
            placeholder={t('editing.labelKey')}
            value={key}
            onChange={text => put(i, [text, value])}
            isDisabled={props.isDisabled}
            isInvalid={props.error !== undefined}
          />
          <TextField
            size="small"
            aria-label={t('editing.labelValue')}
            placeholder={t('editing.labelValue')}
            value={value}
            onChange={text => put(i, [key, text])}
            isDisabled={props.isDisabled}
          />
          <ButtonIcon
            size="small"
            variant="tertiary"
            aria-label={t('editing.removeLabel', { name: key })}
            icon={<RiDeleteBinLine />}
            isDisabled={props.isDisabled}
            onPress={() => change(shown.filter((_, at) => at !== i))}
          />
        </div>
      ))}
      {props.error ? <p className={styles.error}>{props.error}</p> : null}
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiAddLine />}
        isDisabled={props.isDisabled || shown.some(([key]) => key === '')}
        onPress={() => change([...shown, ['', '']])}
      >
        {t('editing.addLabel')}
      </Button>
    </div>
  );
}

function asMap(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(rows.filter(([key]) => key !== ''));
}
