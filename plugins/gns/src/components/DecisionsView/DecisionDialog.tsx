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
import { type Hold, type HoldsDecided } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { SameOverRest } from '../../code/SameOverRest';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { HoldItems } from './HoldItems';

export type Decision = 'release' | 'refuse';

/** Asks once more, with what it touches, and takes the reason for the history. */
export function DecisionDialog(props: {
  holds: readonly Hold[];
  decision: Decision;
  /** @param decided - what became of each; absent: cancelled */
  onClose: (decided?: HoldsDecided['items']) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { holds, decision, onClose } = props;
  const release = decision === 'release';
  const word = release ? t('decisions.release') : t('decisions.refuse');
  const ids = holds.map(hold => hold.id);

  const decide = () => {
    setBusy(true);
    setError(undefined);
    api.decideHolds(ids, decision, reason).then(
      ({ items }) => onClose(items),
      (cause: unknown) => {
        setBusy(false);
        setError(cause instanceof Error ? cause : new Error(String(cause)));
      },
    );
  };

  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={600}>
      <DialogHeader>
        {release ? t('decisions.releaseTitle') : t('decisions.refuseTitle')}
      </DialogHeader>
      <DialogBody>
        <ul className={styles.list}>
          {holds.map(hold => (
            <li key={hold.id}>
              <Text as="p">{hold.message}</Text>
              <HoldItems items={hold.items} />
            </li>
          ))}
        </ul>
        <Text as="p" weight="bold">
          {release ? t('decisions.releaseText') : t('decisions.refuseText')}
        </Text>
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
        <SameOverRest
          calls={[
            {
              title: word,
              method: 'POST',
              path: '/holds/decide',
              body: {
                type: 'json',
                text: JSON.stringify({ ids, decision, reason }, null, 2),
              },
            },
          ]}
        />
      </DialogBody>
      <DialogFooter>
        <Button
          onPress={decide}
          isPending={busy}
          destructive={release && holds.some(hold => hold.kind === 'deletion')}
        >
          {word}
        </Button>
        <Button variant="secondary" onPress={() => onClose()}>
          {t('decisions.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
