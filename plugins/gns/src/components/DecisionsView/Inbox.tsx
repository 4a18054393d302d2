import { useEffect, useMemo, useRef, useState } from 'react';
import { Button, Checkbox } from '@backstage/ui';
import { type Hold } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { EmptyView } from '../state/EmptyView';
import { useReturnFocus } from '../state/useReturnFocus';
import { useUrlChoice } from '../useUrlChoice';
import { Choices } from './Choices';
import { type Decision, DecisionDialog } from './DecisionDialog';
import { HoldCard } from './HoldCard';
import { type Outcome, OutcomeNotice } from './OutcomeNotice';
import { settle, type Settled } from './settledList';

const KINDS = [
  'all',
  'deletion',
  'inventoryLoss',
  'newcomer',
  'restoredHub',
] as const;

/** What waits, oldest first; several can be decided at once. Nothing moves while somebody reads. */
export function Inbox(props: {
  /** Of every state. */
  holds: readonly Hold[];
  mayDecide: boolean;
  onDecided: () => void;
}) {
  const { t } = useGnsTranslation();
  const { holds, mayDecide } = props;
  const [kind, setKind] = useUrlChoice('kind', KINDS);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<{ holds: Hold[]; decision: Decision }>();
  const [outcome, setOutcome] = useState<Outcome>();
  const top = useRef<HTMLDivElement>(null);
  useReturnFocus(asked !== undefined, top);
  const [rows, tidy] = useSettled(holds);

  const kinds = KINDS.filter(
    one => one === 'all' || one === kind || rows.some(r => r.item.kind === one),
  );
  const shown = rows.filter(({ item }) => kind === 'all' || item.kind === kind);
  const decidable = shown.filter(one => !one.gone).map(one => one.item);
  const selected = decidable.filter(hold => chosen.has(hold.id));
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <div ref={top} tabIndex={-1} className={styles.column}>
      {outcome ? (
        <OutcomeNotice
          outcome={outcome}
          onUndone={next => {
            setOutcome(next);
            props.onDecided();
          }}
        />
      ) : null}
      {rows.length === 0 ? (
        <EmptyView
          title={t('decisions.empty')}
          text={t('decisions.emptyText')}
        />
      ) : (
        <>
          <div className={styles.bar}>
            <Choices
              label={t('inbox.kind')}
              options={kinds.map(value => ({
                value,
                label: t('inbox.counted', {
                  what:
                    value === 'all' ? t('inbox.all') : t(`decisions.${value}`),
                  number: String(
                    rows.filter(
                      ({ item, gone }) =>
                        !gone && (value === 'all' || item.kind === value),
                    ).length,
                  ),
                }),
              }))}
              value={kind}
              onChange={setKind}
            />
            {rows.some(one => one.gone) ? (
              <Button size="small" variant="tertiary" onPress={tidy}>
                {t('inbox.tidy')}
              </Button>
            ) : null}
          </div>
          {mayDecide && decidable.length > 1 ? (
            <div className={styles.line}>
              <Checkbox
                isSelected={selected.length === decidable.length}
                isIndeterminate={
                  selected.length > 0 && selected.length < decidable.length
                }
                onChange={all =>
                  setChosen(new Set(all ? decidable.map(one => one.id) : []))
                }
              >
                {t('inbox.chosen', { count: selected.length })}
              </Checkbox>
              {(['release', 'refuse'] as const).map(decision => (
                <Button
                  key={decision}
                  size="small"
                  variant="secondary"
                  isDisabled={selected.length === 0}
                  onPress={() => setAsked({ holds: selected, decision })}
                >
                  {t(`inbox.${decision}Chosen`)}
                </Button>
              ))}
            </div>
          ) : null}
          <ul className={styles.list} aria-label={t('inbox.list')}>
            {shown.map(({ item, gone }) => (
              <li key={item.id}>
                <HoldCard
                  hold={item}
                  gone={gone}
                  isChosen={chosen.has(item.id)}
                  onChoose={
                    mayDecide && decidable.length > 1 && !gone
                      ? isChosen => choose(item.id, isChosen)
                      : undefined
                  }
                  onDecide={
                    mayDecide && !gone
                      ? decision => setAsked({ holds: [item], decision })
                      : undefined
                  }
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {asked ? (
        <DecisionDialog
          holds={asked.holds}
          decision={asked.decision}
          onClose={decided => {
            setAsked(undefined);
            if (!decided) return;
            setOutcome({ decision: asked.decision, decided });
            setChosen(new Set());
            props.onDecided();
          }}
        />
      ) : null}
    </div>
  );
}

/** Oldest first when the page opens; from then on nothing changes its place. */
function useSettled(
  holds: readonly Hold[],
): [rows: Settled<Hold>[], tidy: () => void] {
  const open = useMemo(
    () =>
      holds
        .filter(one => one.state === 'open')
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt)),
    [holds],
  );
  const [rows, setRows] = useState(() => settle([], open));
  useEffect(() => setRows(shown => settle(shown, open)), [open]);
  return [rows, () => setRows(settle([], open))];
}
