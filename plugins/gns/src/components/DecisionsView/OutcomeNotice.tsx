import { useState } from 'react';
import { Alert, Button } from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { type HoldsDecided } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type Decision } from './DecisionDialog';

/** What became of a decision on one or several. */
export interface Outcome {
  decision: Decision;
  decided: HoldsDecided['items'];
}

/** Says what was decided, which could not be, and takes it back where that is possible. */
export function OutcomeNotice(props: {
  outcome: Outcome;
  onUndone: (outcome: Outcome) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { decision, decided } = props.outcome;
  const done = decided.flatMap(one =>
    one.result === 'decided' ? [one.hold] : [],
  );
  const failed = decided.flatMap(one => (one.result === 'failed' ? [one] : []));
  const undoable = done.filter(hold => hold.undo !== undefined);
  const undo = () => {
    const opposite = decision === 'release' ? 'refuse' : 'release';
    setBusy(true);
    setError(undefined);
    api
      .decideHolds(
        undoable.map(hold => hold.id),
        opposite,
        t('inbox.undoReason'),
      )
      .then(
        ({ items }) => props.onUndone({ decision: opposite, decided: items }),
        (cause: unknown) =>
          setError(cause instanceof Error ? cause : new Error(String(cause))),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Alert
      role="status"
      status={failed.length > 0 || error ? 'warning' : 'success'}
      icon
      title={
        decision === 'release'
          ? t('inbox.released', { count: done.length })
          : t('inbox.refused', { count: done.length })
      }
      description={
        failed.length > 0 || error ? (
          <ul>
            {failed.map(one => (
              <li key={one.id}>{one.message}</li>
            ))}
            {error ? <li>{error.message}</li> : null}
          </ul>
        ) : undefined
      }
      customActions={
        undoable.length > 0 ? (
          <Button
            size="small"
            variant="secondary"
            isPending={busy}
            onPress={undo}
          >
            {t('inbox.undo')}
          </Button>
        ) : undefined
      }
    />
  );
}
