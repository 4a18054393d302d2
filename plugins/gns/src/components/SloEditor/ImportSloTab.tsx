import { useState } from 'react';
import { Alert, Button, Text, TextAreaField } from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { formatYaml, type SloClient } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { CodeBlock } from '../../code/CodeBlock';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { ProblemItems } from '../SloPage/ProblemItems';
import { ImportedSlo } from './ImportedSlo';
import styles from './sloEditor.module.css';

type Imported = Awaited<ReturnType<SloClient['importOpenSlo']>>;

/** Objectives out of OpenSLO documents: what is found, what is lost, and nothing written unasked. */
export function ImportSloTab() {
  const { name: gns } = useGnsStatus();
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [found, setFound] = useState<Imported>();

  const read = () => {
    setBusy(true);
    setError(undefined);
    api.slo
      .importOpenSlo(text, gns)
      .then(setFound, (cause: unknown) =>
        setError(cause instanceof Error ? cause : new Error(String(cause))),
      )
      .finally(() => setBusy(false));
  };
  return (
    <div className={styles.column}>
      <Text as="h2" variant="title-medium" weight="bold">
        {t('sloEdit.importTitle')}
      </Text>
      <Text as="p" color="secondary">
        {t('sloEdit.importText')}
      </Text>
      <TextAreaField
        label={t('sloEdit.importLabel')}
        value={text}
        onChange={setText}
        rows={12}
      />
      <div>
        <Button onPress={read} isPending={busy} isDisabled={text.trim() === ''}>
          {t('sloEdit.read')}
        </Button>
      </div>
      {error ? (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('sloEdit.importFailed')}
          description={error.message}
        />
      ) : null}
      {found ? (
        <>
          <Text as="h3" variant="title-x-small" weight="bold" role="status">
            {found.definitions.length === 0
              ? t('sloEdit.importNone')
              : t('sloEdit.found', { count: found.definitions.length })}
          </Text>
          {found.problems.length > 0 ? (
            <section>
              <Text as="h4" weight="bold">
                {t('sloEdit.importProblems')}
              </Text>
              <ProblemItems problems={found.problems} />
            </section>
          ) : null}
          {found.definitions.map((definition, i) => (
            <section key={i} className={styles.column}>
              <ImportedSlo definition={definition} />
              <CodeBlock
                label={String(definition.metadata.name ?? '')}
                text={formatYaml(definition)}
                maxHeight={320}
              />
            </section>
          ))}
        </>
      ) : null}
    </div>
  );
}
