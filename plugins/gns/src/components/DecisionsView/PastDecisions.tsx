import { useRef, useState } from 'react';
import { Button } from '@backstage/ui';
import { type Hold } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { EmptyView } from '../state/EmptyView';
import { RelativeTime } from '../state/RelativeTime';
import { useReturnFocus } from '../state/useReturnFocus';
import { DecisionDialog } from './DecisionDialog';
import { HoldCard } from './HoldCard';

/** More than anybody reads; the audit has the rest. */
const SHOWN = 50;

/** What was decided, by whom and why, newest first; some can be taken back. */
export function PastDecisions(props: {
  holds: readonly Hold[];
  mayDecide: boolean;
  onDecided: () => void;
}) {
  const { t } = useGnsTranslation();
  const [asked, setAsked] = useState<Hold>();
  const top = useRef<HTMLDivElement>(null);
  useReturnFocus(asked !== undefined, top);
  const past = props.holds
    .filter(one => one.state === 'released' || one.state === 'refused')
    .sort((a, b) => (b.decidedAt ?? '').localeCompare(a.decidedAt ?? ''))
    .slice(0, SHOWN);
  if (past.length === 0) {
    return (
      <EmptyView title={t('inbox.nonePast')} text={t('inbox.nonePastText')} />
    );
  }
  return (
    <div ref={top} tabIndex={-1}>
      <ul className={styles.list} aria-label={t('inbox.decided')}>
        {past.map(hold => (
          <li key={hold.id}>
            <HoldCard hold={hold}>
              <p className={styles.line}>
                <strong>
                  {hold.state === 'released'
                    ? t('inbox.wasReleased')
                    : t('inbox.wasRefused')}
                </strong>
                <span>{hold.decidedBy}</span>
                <span className={styles.quiet}>
                  <RelativeTime at={hold.decidedAt} />
                </span>
                {hold.reason ? <span>{hold.reason}</span> : null}
                {hold.undo && props.mayDecide ? (
                  <Button
                    size="small"
                    variant="secondary"
                    onPress={() => setAsked(hold)}
                  >
                    {t(`inbox.${hold.undo}AfterAll`)}
                  </Button>
                ) : null}
              </p>
            </HoldCard>
          </li>
        ))}
      </ul>
      {asked?.undo ? (
        <DecisionDialog
          holds={[asked]}
          decision={asked.undo}
          onClose={decided => {
            setAsked(undefined);
            if (decided) props.onDecided();
          }}
        />
      ) : null}
    </div>
  );
}
