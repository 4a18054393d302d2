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
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { type Hold } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { gnsTranslationRef } from '../../translation';
import { HoldItems } from './HoldItems';

export type Decision = 'release' | 'refuse';

/** Asks once more, with what it touches, and takes the reason for the history. */
export function DecisionDialog(props: {
  hold: Hold;
  decision: Decision;
  /** Cancelled, or decided: the caller reads again. */
  onClose: () => void;
}) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const api = useApi(gnsApiRef);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { hold, decision, onClose } = props;
  const release = decision === 'release';

  const decide = () => {
    setBusy(true);
    setError(undefined);
    api.decideHold(hold.id, decision, reason).then(onClose, cause => {
      setBusy(false);
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    });
  };

  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={560}>
      <DialogHeader>
        {release ? t('decisions.releaseTitle') : t('decisions.refuseTitle')}
      </DialogHeader>
      <DialogBody>
        <Text as="p">{hold.message}</Text>
        <Text as="p" weight="bold">
          {release ? t('decisions.releaseText') : t('decisions.refuseText')}
        </Text>
        <HoldItems items={hold.items} />
        <TextField
          label={t('decisions.reason')}
          value={reason}
          onChange={setReason}
          maxLength={500}
        />
        {error ? (
          <Alert
            mt="3"
            role="alert"
            status="danger"
            icon
            title={t('decisions.failed')}
            description={error.message}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button
          onPress={decide}
          isPending={busy}
          destructive={release && hold.kind === 'deletion'}
        >
          {release ? t('decisions.release') : t('decisions.refuse')}
        </Button>
        <Button variant="secondary" onPress={onClose}>
          {t('decisions.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
