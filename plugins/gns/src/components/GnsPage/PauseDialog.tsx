import { useState } from 'react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
} from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { gnsApiRef } from '../../api';
import { SameOverRest } from '../../code/SameOverRest';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Holds everything of a global namespace as it is, or lets it go on. */
export function PauseDialog(props: {
  name: string;
  title: string;
  isPaused: boolean;
  onClose: () => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { name, title, isPaused, onClose } = props;
  const word = isPaused ? t('gnsActions.resume') : t('gnsActions.pause');
  const act = () => {
    setBusy(true);
    setError(undefined);
    api.setPaused({ gns: name }, !isPaused).then(onClose, (cause: unknown) => {
      setBusy(false);
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    });
  };
  return (
    <Dialog isOpen onOpenChange={open => !open && onClose()} width={560}>
      <DialogHeader>
        {isPaused
          ? t('gnsActions.resumeTitle', { title })
          : t('gnsActions.pauseTitle', { title })}
      </DialogHeader>
      <DialogBody>
        <Text as="p">
          {isPaused ? t('gnsActions.resumeText') : t('gnsActions.pauseText')}
        </Text>
        {error ? (
          <Alert
            role="alert"
            status="danger"
            icon
            title={t('rollout.failed')}
            description={error.message}
          />
        ) : null}
        <SameOverRest
          calls={[
            {
              title: word,
              method: 'POST',
              path: `/global-namespaces/${encodeURIComponent(name)}/${
                isPaused ? 'resume' : 'pause'
              }`,
            },
          ]}
        />
      </DialogBody>
      <DialogFooter>
        <Button onPress={act} isPending={busy}>
          {word}
        </Button>
        <Button variant="secondary" onPress={onClose}>
          {t('review.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
