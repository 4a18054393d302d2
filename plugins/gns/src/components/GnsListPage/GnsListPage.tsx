import { useMemo, useState } from 'react';
import { Button, SearchField, Select } from '@backstage/ui';
import { type GnsSummary } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { useAllSlos } from '../../slo/useSlos';
import { slosByGns } from '../../slo/worst';
import { useGnsTranslation } from '../../useGnsTranslation';
import { EmptyView } from '../state/EmptyView';
import { HubBanner, SimulatedNotice } from '../state/HubBanner';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { SilentClusters } from '../state/SilentClusters';
import { Updated } from '../state/Updated';
import { CreateLink } from './CreateLink';
import { defineCommand } from './exampleDefinition';
import { GnsCard } from './GnsCard';
import styles from './GnsListPage.module.css';
import {
  type GnsOrder,
  selectGlobalNamespaces,
} from './selectGlobalNamespaces';
import { useHubUrl } from './useHubUrl';

/** All global namespaces that the reader may see. */
export function GnsListPage() {
  const live = useLive(
    'global-namespaces',
    (api, signal) => api.listGlobalNamespaces(signal),
    { topics: ['definitions', 'status', 'clusters', 'holds'] },
  );
  return (
    <>
      <HubBanner />
      <LiveView
        live={live}
        permission="gns.definition.read"
        skeleton={<SkeletonRows rows={3} height={208} />}
      >
        {({ items }) =>
          items.length === 0 ? (
            <NoGlobalNamespace />
          ) : (
            <GnsCards items={items} updated={<Updated live={live} />} />
          )
        }
      </LiveView>
    </>
  );
}

function NoGlobalNamespace() {
  const { t } = useGnsTranslation();
  return (
    <EmptyView
      title={t('list.empty')}
      text={t('list.emptyText')}
      command={defineCommand(useHubUrl())}
      action={<CreateLink />}
    />
  );
}

function GnsCards(props: { items: GnsSummary[]; updated: React.ReactNode }) {
  const { t } = useGnsTranslation();
  const [text, setText] = useState('');
  const [order, setOrder] = useState<GnsOrder>('name');
  const slos = useAllSlos();
  const byGns = useMemo(() => slosByGns(slos.value?.items ?? []), [slos.value]);
  const shown = selectGlobalNamespaces(props.items, text, order);
  const coverage = new Map(
    props.items.flatMap(item => item.clusters).map(one => [one.cluster, one]),
  );
  return (
    <>
      <SimulatedNotice clusters={[...coverage.values()]} />
      <div className={styles.bar}>
        <SearchField
          className={styles.search}
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          value={text}
          onChange={setText}
        />
        <Select
          className={styles.sort}
          aria-label={t('list.sortBy')}
          options={[
            { value: 'name', label: t('list.sortName') },
            { value: 'health', label: t('list.sortHealth') },
            { value: 'updated', label: t('list.sortUpdated') },
          ]}
          value={order}
          onChange={chosen => setOrder(chosen as GnsOrder)}
        />
        <span className={styles.updated}>{props.updated}</span>
        <CreateLink />
      </div>
      <SilentClusters coverage={[...coverage.values()]} />
      {shown.length === 0 ? (
        <EmptyView
          title={t('list.noMatch', { text })}
          text={t('list.search')}
          action={
            <Button variant="secondary" onPress={() => setText('')}>
              {t('list.clear')}
            </Button>
          }
        />
      ) : (
        <ul className={styles.cards}>
          {shown.map(item => (
            <li key={item.name}>
              <GnsCard
                summary={item}
                slos={byGns.get(item.name)}
                slosFailed={slos.error !== undefined && !slos.value}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
