import { useState } from 'react';
import { Button, Link } from '@backstage/ui';
import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { conflictOfError } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { sloRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './sloEditor.module.css';

/** One objective that was read, to write it or to leave it. */
export function ImportedSlo(props: {
  definition: { kind: string; metadata: Record<string, unknown> };
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const link = useRouteRef(sloRouteRef);
  const [state, setState] = useState<'open' | 'busy' | 'written' | 'exists'>(
    'open',
  );
  const [error, setError] = useState<Error>();
  const { definition } = props;
  const gns = String(definition.metadata.gns ?? '');
  const name = String(definition.metadata.name ?? '');
  const write = () => {
    setState('busy');
    setError(undefined);
    api
      .putDefinition(
        { ...definition, metadata: { ...definition.metadata, name, gns } },
        {},
      )
      .then(
        () => setState('written'),
        (cause: unknown) => {
          if (conflictOfError(cause)?.type === 'generation') {
            setState('exists');
            return;
          }
          setState('open');
          setError(cause instanceof Error ? cause : new Error(String(cause)));
        },
      );
  };
  if (state === 'written' || state === 'exists') {
    return (
      <p className={styles.problem} role="status">
        <Link href={link?.({ name: gns, slo: name }) ?? '#'}>{name}</Link>
        <span>
          {state === 'written' ? t('sloEdit.written') : t('sloEdit.exists')}
        </span>
      </p>
    );
  }
  return (
    <div className={styles.problem}>
      <Button size="small" onPress={write} isPending={state === 'busy'}>
        {t('sloEdit.write', { name })}
      </Button>
      {error ? (
        <span role="alert">
          {t('sloEdit.writeFailed', { message: error.message })}
        </span>
      ) : null}
    </div>
  );
}
