import { type ReactNode, useState } from 'react';
import {
  Alert,
  Button,
  Checkbox,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
  TextField,
} from '@backstage/ui';
import { type RestCall } from '../../code/curl';
import { SameOverRest } from '../../code/SameOverRest';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './identity.module.css';

/** What a person decided in the dialog. */
export interface Deed {
  reason: string;
  force: boolean;
}

/**
 * Asks once more before something is done to an authority, with what it means
 * and, where it is grave, the name to type.
 */
export function DeedDialog(props: {
  title: string;
  text: string;
  word: string;
  /** Why it is not proven; then it must be forced. */
  unproven?: string;
  /** To be typed before it is done. */
  typed?: string;
  /** A reason is asked for, and must be given. */
  needsReason?: boolean;
  destructive?: boolean;
  disabled?: boolean;
  /** What it would do, between text and fields. */
  children?: ReactNode;
  call(deed: Deed): RestCall;
  act(deed: Deed): Promise<unknown>;
  /** @param done - it was carried out */
  onClose(done: boolean): void;
  /** It was refused: what is shown may be old. */
  onRefused?(): void;
}) {
  const { t } = useGnsTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [reason, setReason] = useState('');
  const [force, setForce] = useState(false);
  const [name, setName] = useState('');
  const { typed, unproven } = props;
  const asksName = typed !== undefined && (unproven === undefined || force);
  const isReady =
    !props.disabled &&
    (unproven === undefined || force) &&
    (!asksName || name === typed) &&
    (!props.needsReason || reason.trim() !== '');
  const deed = { reason: reason.trim(), force };
  const act = () => {
    setBusy(true);
    setError(undefined);
    props.act(deed).then(
      () => props.onClose(true),
      (cause: unknown) => {
        setBusy(false);
        setError(cause instanceof Error ? cause : new Error(String(cause)));
        props.onRefused?.();
      },
    );
  };
  return (
    <Dialog
      isOpen
      onOpenChange={open => !open && props.onClose(false)}
      width={640}
    >
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <div className={styles.deed}>
          <Text as="p">{props.text}</Text>
          {props.children}
          {unproven === undefined ? null : (
            <>
              <Alert mb="3" status="warning" icon title={unproven} />
              <Checkbox isSelected={force} onChange={setForce}>
                {t('moves.force')}
              </Checkbox>
            </>
          )}
          <TextField
            label={
              props.needsReason ? t('rotation.revokeReason') : t('moves.reason')
            }
            value={reason}
            onChange={setReason}
            maxLength={500}
            isRequired={props.needsReason}
          />
          {asksName ? (
            <TextField
              label={t('moves.typeName', { name: typed })}
              value={name}
              onChange={setName}
              autoComplete="off"
            />
          ) : null}
          {error ? (
            <Alert
              mt="3"
              role="alert"
              status="danger"
              icon
              title={t('moves.failed')}
              description={error.message}
            />
          ) : null}
          <SameOverRest calls={[{ title: props.word, ...props.call(deed) }]} />
        </div>
      </DialogBody>
      <DialogFooter>
        <Button
          onPress={act}
          isPending={busy}
          isDisabled={!isReady}
          destructive={props.destructive}
        >
          {props.word}
        </Button>
        <Button variant="secondary" onPress={() => props.onClose(false)}>
          {t('moves.cancel')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
