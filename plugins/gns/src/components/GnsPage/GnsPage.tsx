import { type JSX } from 'react';
import { Navigate, Route, Routes, useParams } from 'react-router-dom';
import { ButtonLink, Container, Header } from '@backstage/ui';
import {
  NotFoundErrorPage,
  translationApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import { type GnsStatus } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { rootRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { type Layout, type Part } from '../GnsRouter';
import { movedParts, MovedTo } from '../movedParts';
import { EmptyView } from '../state/EmptyView';
import { HealthMark } from '../state/HealthMark';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { OwnerLink } from '../state/OwnerLink';
import { readProblem } from '../state/readProblem';
import { SilentClusters } from '../state/SilentClusters';
import { Updated } from '../state/Updated';
import { ActiveRollout } from '../Rollout/ActiveRollout';
import { GnsActions } from './GnsActions';
import { GnsStatusProvider } from './GnsStatusContext';
import styles from './GnsPage.module.css';

/** One global namespace: header, tabs, and the tab that the path names. */
export function GnsPage(props: {
  frame: { title: string; titleLink: string; icon: JSX.Element };
  tabs: Part[];
  Layout: Layout;
}) {
  const { name = '' } = useParams();
  const translations = useApi(translationApiRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '/gns';
  const live = useLive(
    `global-namespaces/${name}`,
    (api, signal) => api.getGlobalNamespace(name, signal),
    { topics: ['definitions', 'status', 'clusters', 'holds'], gns: name },
  );
  const { tabs, Layout: Frame } = props;
  const listed = tabs.filter(one => one.listed);
  const missing =
    live.error !== undefined && readProblem(live.error) === 'missing';
  const page = (element: JSX.Element) => (
    <Frame
      {...props.frame}
      title={live.value?.title ?? name}
      titleLink={`${root}/${name}`}
      tabs={listed.map(one => ({
        id: one.path,
        label: one.title(translations),
        href: `${root}/${name}/${one.path}`,
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
            actions={
              <>
                <Updated live={live} />
                <GnsActions name={name} status={live.value} />
              </>
            }
          />
          <Container>
            <HubBanner />
            <LiveView live={live} permission="gns.definition.read">
              {status => (
                <GnsStatusProvider status={status}>
                  <ActiveRollout gns={name} />
                  <SilentClusters coverage={status.clusters} />
                  {element}
                </GnsStatusProvider>
              )}
            </LiveView>
          </Container>
        </>
      )}
    </Frame>
  );
  return (
    <Routes>
      {listed.length > 0 ? (
        <Route index element={<Navigate to={listed[0].path} replace />} />
      ) : null}
      {tabs.map(tab => (
        <Route
          key={tab.path}
          path={`${tab.path}/*`}
          element={page(tab.element)}
        />
      ))}
      {movedParts(tabs).map(({ from, to }) => (
        <Route
          key={from}
          path={from}
          element={<MovedTo path={`${name}/${to}`} root={root} />}
        />
      ))}
      <Route path="*" element={<NotFoundErrorPage />} />
    </Routes>
  );
}

function Head(props: {
  name: string;
  status?: GnsStatus;
  actions: JSX.Element;
}) {
  const { t } = useGnsTranslation();
  const { status } = props;
  const simulated = status?.clusters.filter(one => one.simulated).length ?? 0;
  return (
    <Header
      title={status?.title ?? props.name}
      description={status?.description}
      customActions={props.actions}
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
  const { t } = useGnsTranslation();
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
