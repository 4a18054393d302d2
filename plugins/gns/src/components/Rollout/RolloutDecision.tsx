import { useState } from 'react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
  TextField,
} from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { type Rollout, type RolloutAction } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Asks once more, with the reason for the journal. */
export function RolloutDecision(props: {
  rollout: Rollout;
  action: RolloutAction;
  /** @param decided - something may have changed: read again */
  onClose: (decided: boolean) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { rollout, action, onClose } = props;
  const word = t(`rollout.${action}`);

  const decide = () => {
    setBusy(true);
    setError(undefined);
    api.rollouts
      .decide(rollout.id, action, { version: rollout.version, reason })
      .then(
        () => onClose(true),
        (cause: unknown) => {
          setBusy(false);
          setError(cause instanceof Error ? cause : new Error(String(cause)));
        },
      );
  };
  const stale = error instanceof ResponseError && error.statusCode === 409;

  return (
    <Dialog
      isOpen
      onOpenChange={open => !open && onClose(error !== undefined)}
      width={520}
    >
      <DialogHeader>{t('rollout.confirm', { action: word })}</DialogHeader>
      <DialogBody>
        <Text as="p">{t(`rollout.${action}Text`)}</Text>
        <TextField
          label={t('rollout.reason')}
          value={reason}
          onChange={setReason}
          maxLength={500}
        />
        {error ? (
          <Alert
            mt="3"
            role="alert"
            status={stale ? 'warning' : 'danger'}
            icon
            title={stale ? t('rollout.stale') : t('rollout.failed')}
            description={error.message}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button
          onPress={decide}
          isPending={busy}
          destructive={action === 'back'}
        >
          {word}
        </Button>
        <Button
          variant="secondary"
          onPress={() => onClose(error !== undefined)}
        >
          {t('rollout.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
