import { useState } from 'react';
import { Select, TextField } from '@backstage/ui';
import {
  type MatcherForm,
  type MatcherWay,
  readMatcher,
  startMatcher,
  writeMatcher,
} from '../../editing/matcherForm';
import { type Path } from '../../editor/jsonSchema';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useField } from './FormContext';
import { LabelsEntry } from './LabelsEntry';
import { NamesEntry } from './NamesEntry';
import styles from './form.module.css';

const WAYS = ['all', 'names', 'prefix', 'labels'] as const;

/** How clusters, namespaces or services are chosen. */
export function MatcherEntry(props: {
  path: Path;
  what: string;
  description: string;
  known: readonly string[];
  isRequired?: boolean;
}) {
  const { t } = useGnsTranslation();
  const field = useField(props.path);
  const [chosen, setChosen] = useState<MatcherWay>();
  const read = readMatcher(field.value);
  // An empty beginning is a way to write all; who has just chosen to write a
  // beginning has not written it yet.
  const form: MatcherForm =
    read.way === 'all' && chosen === 'prefix' && field.value !== undefined
      ? { way: 'prefix', prefix: '' }
      : read;
  // What is required and missing is not "all".
  const missing = props.isRequired === true && field.value === undefined;
  const set = (next: MatcherForm) =>
    field.set(writeMatcher(next, props.isRequired ?? false));
  const words: Record<MatcherWay, string> = {
    all: t('editing.wayAll'),
    names: t('editing.wayNames'),
    prefix: t('editing.wayPrefix'),
    labels: t('editing.wayLabels'),
  };
  return (
    <div className={styles.matcher}>
      <Select
        className={styles.way}
        label={props.what}
        description={
          form.way === 'other' ? t('editing.otherShape') : props.description
        }
        aria-label={t('editing.wayOf', { what: props.what })}
        options={WAYS.map(way => ({ id: way, label: words[way] }))}
        value={form.way === 'other' || missing ? null : form.way}
        onChange={way => {
          setChosen(way as MatcherWay);
          set(startMatcher(way as MatcherWay, form));
        }}
        isDisabled={field.isDisabled}
        isInvalid={missing && field.error !== undefined}
      />
      <div className={styles.chosen}>
        {form.way === 'names' ? (
          <NamesEntry
            what={props.what}
            names={form.names}
            known={props.known}
            isDisabled={field.isDisabled}
            error={field.error}
            onChange={names => set({ way: 'names', names })}
          />
        ) : null}
        {form.way === 'prefix' ? (
          <TextField
            size="small"
            aria-label={t('editing.prefix')}
            placeholder={t('editing.prefix')}
            value={form.prefix}
            onChange={prefix => set({ way: 'prefix', prefix })}
            isDisabled={field.isDisabled}
            isInvalid={field.error !== undefined}
            validationBehavior="aria"
            validate={() => field.error ?? null}
          />
        ) : null}
        {form.way === 'labels' ? (
          <LabelsEntry
            labels={form.labels}
            startsEmpty
            isDisabled={field.isDisabled}
            error={field.error}
            onChange={labels => set({ way: 'labels', labels })}
          />
        ) : null}
        {missing && field.error ? (
          <p className={styles.error}>{field.error}</p>
        ) : null}
      </div>
    </div>
  );
}
