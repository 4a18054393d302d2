import { useEffect, useRef, useState } from 'react';
import { Button, TextField } from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  conflictOfError,
  type Problem,
  problemsOfError,
  type StoredDefinition,
} from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { SameOverRest } from '../../code/SameOverRest';
import { DiffView } from '../../diff/DiffView';
import { type DefinitionText } from '../../editing/useDefinitionText';
import { useGnsTranslation } from '../../useGnsTranslation';
import { LostWrite } from '../ReviewChange/LostWrite';
import styles from '../ReviewChange/review.module.css';
import { SLO_KIND } from './useEditableSlo';

/** What is written, beside what stood there; no cluster changes, only what is judged. */
export function SloReview(props: {
  name: string;
  definition: DefinitionText;
  onBack: () => void;
  /** Somebody wrote it meanwhile: what stands now; null: it was deleted. */
  onLost: (current: StoredDefinition | null) => void;
  onProblems: (problems: Problem[]) => void;
  onWritten: () => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { definition, name } = props;
  const { base, text, checked } = definition;
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const document = checked.definition;

  const write = () => {
    if (!document) return;
    setBusy(true);
    setFailure(undefined);
    api
      .putDefinition(checked.written as typeof document, {
        ifMatch: base?.generation,
        message: message || undefined,
      })
      .then(
        () => props.onWritten(),
        (cause: unknown) => {
          setBusy(false);
          setFailure(cause instanceof Error ? cause : new Error(String(cause)));
          const conflict = conflictOfError(cause);
          if (conflict?.type === 'generation') props.onLost(conflict.current);
          const found = problemsOfError(cause);
          if (found.length > 0) props.onProblems(found);
        },
      );
  };

  return (
    <div className={styles.review}>
      <h2 ref={heading} tabIndex={-1} className={styles.heading}>
        {t('sloEdit.reviewTitle')}
      </h2>
      <p className={styles.quiet}>{t('sloEdit.reviewText')}</p>
      <DiffView
        label={t('review.definition')}
        before={base?.text ?? ''}
        after={text}
        beforeLabel={t('review.inForce')}
        afterLabel={t('review.afterwards')}
      />
      <TextField
        label={t('review.message')}
        description={t('review.messageText')}
        value={message}
        onChange={setMessage}
        maxLength={500}
      />
      {failure ? (
        <LostWrite
          error={failure}
          name={name}
          creates={base === null}
          onBack={props.onBack}
        />
      ) : null}
      <div className={styles.actions}>
        <Button onPress={write} isPending={busy} isDisabled={!document}>
          {base ? t('sloEdit.save') : t('sloEdit.create')}
        </Button>
        <Button variant="secondary" onPress={props.onBack}>
          {t('review.back')}
        </Button>
      </div>
      <SameOverRest
        calls={[
          {
            title: t('review.putCall'),
            method: 'PUT',
            path: `/definitions/${SLO_KIND}/${encodeURIComponent(
              String(document?.metadata.gns ?? ''),
            )}/${encodeURIComponent(name)}`,
            headers: base
              ? { 'If-Match': `"${base.generation}"` }
              : { 'If-None-Match': '*' },
            body: { type: 'yaml', text },
          },
        ]}
        yaml={text}
      />
    </div>
  );
}
