import { type ReactNode, useEffect, useState } from 'react';
import {
  SearchField,
  Select,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import {
  SLO_STATES,
  type SloList,
  type SloState,
} from '@isthmus/plugin-gns-common';
import {
  NO_OWNER,
  SLO_ORDERS,
  type SloChoice,
  type SloOrder,
} from '../../slo/selectSlos';
import { SLO_LOOKS } from '../../slo/looks';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './slosView.module.css';

/** Milliseconds after the last key until the address changes. */
const REST_MS = 150;

/** Search, filters and order; the states are a summary at the same time. */
export function SloFilters(props: {
  list: SloList;
  /** How many there are, whatever states are chosen. */
  states: Record<SloState, number>;
  choice: SloChoice;
  onChoose: (choice: SloChoice) => void;
  withGns: boolean;
  shown: number;
  updated: ReactNode;
}) {
  const { t } = useGnsTranslation();
  const { list, states, choice, onChoose } = props;
  const [text, setText] = useState(choice.text);
  const sent = choice.text;
  useEffect(() => setText(sent), [sent]);
  useEffect(() => {
    if (text === sent) return undefined;
    const timer = setTimeout(() => onChoose({ ...choice, text }), REST_MS);
    return () => clearTimeout(timer);
  }, [text]); // eslint-disable-line react-hooks/exhaustive-deps

  const owners = [
    ...new Set(list.items.map(item => item.owner ?? NO_OWNER)),
  ].sort();
  const namespaces = [...new Set(list.items.map(item => item.gns))].sort();
  return (
    <div className={styles.filters}>
      <div className={styles.bar}>
        <SearchField
          className={styles.search}
          aria-label={t('slos.search')}
          placeholder={t('slos.search')}
          value={text}
          onChange={setText}
        />
        {props.withGns ? (
          <Select
            className={styles.select}
            aria-label={t('slos.gns')}
            options={[
              { value: '', label: t('slos.everyGns') },
              ...withChosen(namespaces, choice.gns).map(value => ({
                value,
                label: value,
              })),
            ]}
            value={choice.gns}
            onChange={gns => onChoose({ ...choice, gns: String(gns ?? '') })}
          />
        ) : null}
        <Select
          className={styles.select}
          aria-label={t('slos.owner')}
          options={[
            { value: '', label: t('slos.everyOwner') },
            ...withChosen(owners, choice.owner).map(value => ({
              value,
              label: value === NO_OWNER ? t('common.noOwner') : value,
            })),
          ]}
          value={choice.owner}
          onChange={owner =>
            onChoose({ ...choice, owner: String(owner ?? '') })
          }
        />
        <Select
          className={styles.select}
          aria-label={t('slos.order')}
          options={SLO_ORDERS.map(value => ({
            value,
            label: t(`sloOrder.${value}`),
          }))}
          value={choice.order}
          onChange={order =>
            onChoose({ ...choice, order: (order ?? 'worst') as SloOrder })
          }
        />
      </div>
      <div className={styles.bar}>
        <ToggleButtonGroup
          className={styles.states}
          aria-label={t('slos.states')}
          selectionMode="multiple"
          selectedKeys={choice.states}
          onSelectionChange={keys =>
            onChoose({
              ...choice,
              states: SLO_STATES.filter(state => new Set(keys).has(state)),
            })
          }
        >
          {SLO_STATES.filter(
            state => states[state] > 0 || choice.states.includes(state),
          ).map(state => {
            const { Icon, tone } = SLO_LOOKS[state];
            return (
              <ToggleButton
                key={state}
                id={state}
                size="small"
                iconStart={<Icon className={styles[tone]} aria-hidden />}
              >
                {`${t(`sloState.${state}`)} ${states[state]}`}
              </ToggleButton>
            );
          })}
        </ToggleButtonGroup>
        <span className={styles.end}>
          <span role="status">{t('slos.count', { count: props.shown })}</span>
          {props.updated}
        </span>
      </div>
    </div>
  );
}

/** What the address asks for can be chosen, even when nothing has it. */
function withChosen(values: string[], chosen: string): string[] {
  return chosen === '' || values.includes(chosen)
    ? values
    : [chosen, ...values];
}
