import { useState } from 'react';
import { Navigate } from 'react-router-dom';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
} from '@backstage/ui';
import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { type SloSummary } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Asks once more; goes to the other objectives then. */
export function DeleteSloDialog(props: {
  summary: SloSummary;
  onClose: () => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const tabLink = useRouteRef(gnsTabRouteRef);
  const [state, setState] = useState<'asks' | 'busy' | 'done'>('asks');
  const [error, setError] = useState<Error>();
  const { summary, onClose } = props;
  const { gns, name, generation } = summary;
  if (state === 'done') {
    return (
      <Navigate to={tabLink?.({ name: gns, tab: 'slos' }) ?? '/gns'} replace />
    );
  }
  const remove = () => {
    setState('busy');
    setError(undefined);
    api
      .deleteDefinition(
        { kind: 'ServiceLevelObjective', gns, name },
        { ifMatch: generation },
      )
      .then(
        () => setState('done'),
        (cause: unknown) => {
          setState('asks');
          setError(cause instanceof Error ? cause : new Error(String(cause)));
        },
      );
  };
  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={520}>
      <DialogHeader>
        {t('sloEdit.deleteTitle', { name: summary.title ?? name })}
      </DialogHeader>
      <DialogBody>
        <Text as="p">{t('sloEdit.deleteText')}</Text>
        {error ? (
          <Alert
            role="alert"
            status="danger"
            icon
            title={t('sloEdit.deleteFailed')}
            description={error.message}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button onPress={remove} isPending={state === 'busy'} destructive>
          {t('sloEdit.delete')}
        </Button>
        <Button variant="secondary" onPress={onClose}>
          {t('review.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
