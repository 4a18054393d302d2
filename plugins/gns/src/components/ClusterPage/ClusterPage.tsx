import { useRef } from 'react';
import { useParams } from 'react-router-dom';
import { Badge, ButtonLink, Link, Text } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { SameOverRest } from '../../code/SameOverRest';
import { useLive } from '../../live/useLive';
import { clustersRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { coverageOf } from '../ClustersView/coverageOf';
import { ConditionList } from '../GnsPage/ConditionList';
import styles from '../GnsPage/GnsPage.module.css';
import { EmptyView } from '../state/EmptyView';
import { FreshnessMark } from '../state/FreshnessChip';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { SilentClusters } from '../state/SilentClusters';
import { Updated } from '../state/Updated';
import { ClusterActions } from './ClusterActions';
import { ClusterProvider } from './ClusterContext';
import { Capabilities } from './Capabilities';
import { ClusterFacts } from './ClusterFacts';
import { ClusterStanding } from './ClusterStanding';
import { GnsOfCluster } from './GnsOfCluster';
import { Ways } from './Ways';
import { type AddedSection, AddedSections, Section } from './Section';

/** One member cluster: what it is, how it stands, who reaches it, what can be done with it. */
export function ClusterPage(props: { sections: readonly AddedSection[] }) {
  const { t } = useGnsTranslation();
  const { cluster: name = '' } = useParams();
  const clustersLink = useRouteRef(clustersRouteRef);
  // All of them: the others know whether they reach this one.
  const live = useLive('clusters', (api, signal) => api.listClusters(signal), {
    topics: ['clusters', 'status'],
  });
  return (
    <>
      <HubBanner />
      <Link href={clustersLink?.() ?? '#'}>
        <span className={styles.line}>
          <RiArrowLeftLine size={14} aria-hidden />
          {t('cluster.all')}
        </span>
      </Link>
      <LiveView live={live} permission="gns.cluster.read">
        {({ items }) => {
          const cluster = items.find(one => one.name === name);
          return cluster ? (
            <ClusterProvider cluster={cluster}>
              <Found
                cluster={cluster}
                clusters={items}
                updated={<Updated live={live} />}
                sections={props.sections}
                onDone={live.reload}
              />
            </ClusterProvider>
          ) : (
            <EmptyView
              title={t('cluster.missing', { name })}
              text={t('cluster.missingText')}
              action={
                <ButtonLink variant="secondary" href={clustersLink?.() ?? '#'}>
                  {t('cluster.all')}
                </ButtonLink>
              }
            />
          );
        }}
      </LiveView>
    </>
  );
}

function Found(props: {
  cluster: Cluster;
  clusters: Cluster[];
  updated: React.ReactNode;
  sections: readonly AddedSection[];
  onDone: () => void;
}) {
  const { t } = useGnsTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const { cluster, clusters } = props;
  return (
    <>
      <header className={styles.bar}>
        <div>
          <h2 ref={heading} tabIndex={-1} className={styles.title}>
            {cluster.title ?? cluster.name}
          </h2>
          <span className={styles.line}>
            {cluster.title ? (
              <code className={styles.mono}>{cluster.name}</code>
            ) : null}
            <Text variant="body-small">{t(`clusters.${cluster.state}`)}</Text>
            {cluster.state === 'waiting' ? null : (
              <FreshnessMark
                state={cluster.freshness}
                dataAt={cluster.lastSeenAt}
              />
            )}
            {cluster.simulated ? <Badge>{t('common.simulated')}</Badge> : null}
            {cluster.observed ? <Badge>{t('cluster.observed')}</Badge> : null}
            {cluster.paused ? <Badge>{t('common.paused')}</Badge> : null}
            {cluster.drained ? <Badge>{t('cluster.drained')}</Badge> : null}
          </span>
        </div>
        <div className={styles.line}>
          {props.updated}
          <ClusterActions
            cluster={cluster}
            fallback={heading}
            onDone={props.onDone}
          />
        </div>
      </header>
      <SilentClusters coverage={coverageOf([cluster])} />
      <ClusterStanding cluster={cluster} />
      <div className={`${styles.grid} ${styles.section}`}>
        <div>
          <Section title={t('overview.facts')}>
            <ClusterFacts cluster={cluster} />
          </Section>
        </div>
        <div>
          <Section title={t('cluster.capabilities')}>
            <Capabilities cluster={cluster} clusters={clusters} />
          </Section>
          <Section title={t('page.title')}>
            <GnsOfCluster cluster={cluster.name} />
          </Section>
        </div>
      </div>
      <Section title={t('overview.conditions')}>
        <ConditionList conditions={cluster.conditions} />
      </Section>
      <AddedSections sections={props.sections} />
      {clusters.filter(one => one.state !== 'waiting').length > 1 ? (
        <Section title={t('clusters.reachability')}>
          <Ways cluster={cluster} clusters={clusters} />
        </Section>
      ) : null}
      <SameOverRest
        calls={[
          {
            title: t('cluster.read'),
            method: 'GET',
            path: `/clusters/${encodeURIComponent(cluster.name)}`,
          },
        ]}
      />
    </>
  );
}
