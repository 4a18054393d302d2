import { type ReactNode, useEffect, useRef } from 'react';
import { Alert, Badge, ButtonLink } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Cluster, type JoinToken } from '@isthmus/plugin-gns-common';
import { type Live, useLive } from '../../live/useLive';
import { clusterRouteRef, connectRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { EmptyView } from '../state/EmptyView';
import { LiveView } from '../state/LiveView';
import { Updated } from '../state/Updated';
import { ConnectionProgress } from './ConnectionProgress';
import { ConnectSteps } from './ConnectSteps';
import { InstallController } from './InstallController';

/** Steps 2 and 3: the command to paste, and live how far the cluster has come. */
export function Connecting(props: {
  name: string;
  /** Absent: the hub knows none of that name. */
  cluster: Cluster | undefined;
  token: JoinToken | undefined;
  onToken: (token: JoinToken) => void;
  live: Live<unknown>;
  mayConnect: boolean;
}) {
  const { t } = useGnsTranslation();
  const connectLink = useRouteRef(connectRouteRef);
  const { name, cluster, token } = props;
  // A cluster that was just registered is not in the list that was read before.
  if (!cluster && !token) {
    return (
      <EmptyView
        title={t('cluster.missing', { name })}
        text={t('cluster.missingText')}
        action={
          <ButtonLink variant="secondary" href={connectLink?.() ?? '#'}>
            {t('connect.another')}
          </ButtonLink>
        }
      />
    );
  }
  const waits = !cluster || cluster.state === 'waiting';
  return (
    <>
      <ConnectSteps at={waits ? 'install' : 'watch'} />
      <Head
        name={name}
        cluster={cluster}
        updated={<Updated live={props.live} />}
      />
      {waits ? (
        <InstallController
          name={name}
          token={token}
          tokenExpiresAt={cluster?.tokenExpiresAt}
          mayConnect={props.mayConnect}
          onToken={props.onToken}
        />
      ) : null}
      {cluster ? <Watch cluster={cluster} /> : null}
    </>
  );
}

function Head(props: {
  name: string;
  cluster: Cluster | undefined;
  updated: ReactNode;
}) {
  const { t } = useGnsTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <header className={styles.bar}>
      <div>
        <h2 ref={heading} tabIndex={-1} className={styles.title}>
          {t('connect.connecting', {
            name: props.cluster?.title ?? props.name,
          })}
        </h2>
        <span className={styles.line}>
          {props.cluster ? (
            <span>{t(`clusters.${props.cluster.state}`)}</span>
          ) : null}
          {props.cluster?.simulated ? (
            <Badge>{t('common.simulated')}</Badge>
          ) : null}
        </span>
      </div>
      {props.updated}
    </header>
  );
}

function Watch(props: { cluster: Cluster }) {
  const { t } = useGnsTranslation();
  const clusterLink = useRouteRef(clusterRouteRef);
  const connectLink = useRouteRef(connectRouteRef);
  const { name } = props.cluster;
  const live = useLive(
    `connection/${name}`,
    (api, signal) => api.getConnection(name, signal),
    { topics: ['clusters', 'status'] },
  );
  return (
    <LiveView live={live} permission="gns.cluster.read">
      {connection => (
        <>
          {connection.ready ? (
            <Alert
              mb="4"
              role="status"
              status="success"
              icon
              title={t('connect.ready')}
              description={t('connect.readyText')}
              customActions={
                <span className={styles.line}>
                  <ButtonLink
                    size="small"
                    href={clusterLink?.({ cluster: name }) ?? '#'}
                  >
                    {t('connect.toCluster')}
                  </ButtonLink>
                  <ButtonLink
                    size="small"
                    variant="secondary"
                    href={connectLink?.() ?? '#'}
                  >
                    {t('connect.another')}
                  </ButtonLink>
                </span>
              }
            />
          ) : null}
          <ConnectionProgress connection={connection} />
        </>
      )}
    </LiveView>
  );
}
