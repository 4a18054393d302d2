import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Alert, Button } from '@backstage/ui';
import { type SloList } from '@isthmus/plugin-gns-common';
import { type Live } from '../../live/useLive';
import {
  choiceOf,
  queryOfChoice,
  type SloChoice,
  selectSlos,
} from '../../slo/selectSlos';
import { useGnsTranslation } from '../../useGnsTranslation';
import { EmptyView } from '../state/EmptyView';
import { Updated } from '../state/Updated';
import { SloFilters } from './SloFilters';
import { SloTable } from './SloTable';

const ALL: SloChoice = {
  text: '',
  gns: '',
  service: '',
  owner: '',
  states: [],
  order: 'worst',
};

/** A list of objectives with its filters; what is chosen stands in the address. */
export function SloListing(props: {
  list: SloList;
  live: Live<SloList>;
  /** They are all of this one. */
  gns?: string;
}) {
  const { t } = useGnsTranslation();
  const [query, setQuery] = useSearchParams();
  const { list } = props;
  const choice = choiceOf(query);
  const choose = (next: SloChoice) =>
    setQuery(queryOfChoice(next, query), { replace: true });
  const address = query.toString();
  const { rows, states } = useMemo(
    () => selectSlos(list.items, choiceOf(new URLSearchParams(address))),
    [list.items, address],
  );
  return (
    <>
      <SloFilters
        list={list}
        states={states}
        choice={choice}
        onChoose={choose}
        withGns={props.gns === undefined}
        shown={rows.length}
        updated={<Updated live={props.live} />}
      />
      {list.items.length < list.total ? (
        <Alert
          mb="4"
          status="info"
          icon
          title={t('slos.cut', {
            shown: String(list.items.length),
            total: String(list.total),
          })}
          description={t('slos.cutText')}
        />
      ) : null}
      {rows.length === 0 ? (
        <EmptyView
          title={t('slos.noMatch')}
          text={t('slos.noMatchText')}
          action={
            <Button
              variant="secondary"
              onPress={() => choose({ ...ALL, order: choice.order })}
            >
              {t('slos.clear')}
            </Button>
          }
        />
      ) : (
        <SloTable rows={rows} withGns={props.gns === undefined} />
      )}
    </>
  );
}
