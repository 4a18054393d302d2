import { type JSX } from 'react';
import { Navigate } from 'react-router-dom';
import { ButtonLink, Container, Header } from '@backstage/ui';
import {
  NotFoundErrorPage,
  translationApiRef,
  useApi,
  useRouteRef,
  useRouteRefParams,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type GnsStatus } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef, rootRouteRef } from '../../routes';
import { gnsTranslationRef } from '../../translation';
import { type Layout, type Part } from '../GnsRouter';
import { EmptyView } from '../state/EmptyView';
import { HealthMark } from '../state/HealthMark';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { OwnerLink } from '../state/OwnerLink';
import { readProblem } from '../state/readProblem';
import { SilentClusters } from '../state/SilentClusters';
import { Updated } from '../state/Updated';
import { GnsStatusProvider } from './GnsStatusContext';
import styles from './GnsPage.module.css';

/** One global namespace: header, tabs, and the tab that the path names. */
export function GnsPage(props: {
  frame: { title: string; titleLink: string; icon: JSX.Element };
  tabs: Part[];
  Layout: Layout;
}) {
  const { name, tab } = useRouteRefParams(gnsTabRouteRef);
  const translations = useApi(translationApiRef);
  const tabLink = useRouteRef(gnsTabRouteRef);
  const live = useLive(
    `global-namespaces/${name}`,
    (api, signal) => api.getGlobalNamespace(name, signal),
    { topics: ['definitions', 'status', 'clusters', 'holds'], gns: name },
  );
  const { tabs, Layout: Frame } = props;
  if (!tab && tabs.length > 0) {
    return <Navigate to={tabs[0].path} replace />;
  }
  const open = tabs.find(one => one.path === tab);
  if (!open) return <NotFoundErrorPage />;

  const missing =
    live.error !== undefined && readProblem(live.error) === 'missing';
  return (
    <Frame
      {...props.frame}
      title={live.value?.title ?? name}
      titleLink={tabLink?.({ name, tab: open.path })}
      tabs={tabs.map(one => ({
        id: one.path,
        label: one.title(translations),
        href: tabLink?.({ name, tab: one.path }) ?? '#',
      }))}
    >
      {missing ? (
        <Container>
          <MissingGns name={name} />
        </Container>
      ) : (
        <>
          <Head
            name={name}
            status={live.value}
            updated={<Updated live={live} />}
          />
          <Container>
            <HubBanner />
            <LiveView live={live} permission="gns.definition.read">
              {status => (
                <GnsStatusProvider status={status}>
                  <SilentClusters coverage={status.clusters} />
                  {open.element}
                </GnsStatusProvider>
              )}
            </LiveView>
          </Container>
        </>
      )}
    </Frame>
  );
}

function Head(props: {
  name: string;
  status?: GnsStatus;
  updated: JSX.Element;
}) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const { status } = props;
  const simulated = status?.clusters.filter(one => one.simulated).length ?? 0;
  return (
    <Header
      title={status?.title ?? props.name}
      description={status?.description}
      customActions={props.updated}
      tags={
        simulated > 0
          ? [{ label: t('banner.simulated', { count: simulated }) }]
          : []
      }
      metadata={
        status
          ? [
              {
                label: t('list.domain'),
                value: <code className={styles.mono}>{status.domain}</code>,
              },
              {
                label: t('list.owner'),
                value: <OwnerLink owner={status.owner} />,
              },
              {
                label: t('topology.health'),
                value: <HealthMark health={status.health} />,
              },
            ]
          : []
      }
    />
  );
}

function MissingGns(props: { name: string }) {
  const { t } = useTranslationRef(gnsTranslationRef);
  const root = useRouteRef(rootRouteRef);
  return (
    <EmptyView
      title={t('state.missingTitle', { name: props.name })}
      text={t('state.missingText')}
      action={
        <ButtonLink variant="secondary" href={root?.() ?? '/gns'}>
          {t('state.missingLink')}
        </ButtonLink>
      }
    />
  );
}
