import { Alert, Link } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type ClusterIssuers as Issuers } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useCluster } from '../ClusterPage/ClusterContext';
import { DataTable } from '../state/DataTable';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { RelativeTime, useAge, useExactTime } from '../state/RelativeTime';
import { readProblem } from '../state/readProblem';
import { SilentClusters } from '../state/SilentClusters';
import { lateAt, shortId } from './authorityView';
import { Life, Lives } from './Life';
import { useNow } from './useNow';
import styles from './identity.module.css';

/** On the page of a cluster: what it issues, and how long it can live alone. */
export function ClusterIssuers() {
  const { name } = useCluster();
  const live = useLive<Issuers | null>(
    `cluster-issuers/${name}`,
    async (api, signal) => {
      try {
        return await api.authority.listClusterIssuers(name, signal);
      } catch (error) {
        if (error instanceof Error && readProblem(error) === 'missing') {
          return null;
        }
        throw error;
      }
    },
    { topics: ['authorities', 'clusters'] },
  );
  return (
    <LiveView
      live={live}
      permission="gns.authority.read"
      skeleton={<SkeletonRows rows={2} />}
    >
      {issuers =>
        issuers === null || issuers.items.length === 0 ? (
          <None />
        ) : (
          <Table issuers={issuers} />
        )
      }
    </LiveView>
  );
}

function None() {
  const { t } = useGnsTranslation();
  return <p className={styles.quiet}>{t('identity.clusterNone')}</p>;
}

function Table(props: { issuers: Issuers }) {
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const { issuers } = props;
  return (
    <>
      <SilentClusters coverage={[issuers.coverage]} />
      <Alone issuers={issuers} />
      <DataTable
        label={t('tabs.issuers')}
        rows={issuers.items}
        rowKey={one => one.gns}
        columns={[
          {
            id: 'gns',
            label: t('identity.clusterGns'),
            cell: one => (
              <Link href={tabLink?.({ name: one.gns, tab: 'identity' }) ?? '#'}>
                {one.gns}
              </Link>
            ),
          },
          {
            id: 'issuer',
            label: t('identity.clusterIssuer'),
            cell: ({ issuer }) =>
              issuer ? (
                <code className={styles.mono}>{shortId(issuer.keyId)}</code>
              ) : (
                t('identity.noIssuer')
              ),
          },
          {
            id: 'ends',
            label: t('identity.logEnds'),
            cell: ({ issuer }) =>
              issuer ? <RelativeTime at={issuer.notAfter} /> : null,
          },
          {
            id: 'pods',
            label: t('identity.clusterPods'),
            cell: ({ pods }) => t('identity.pods', { count: pods.own }),
          },
          {
            id: 'bundle',
            label: t('identity.clusterBundle'),
            cell: ({ bundleEpoch }) =>
              bundleEpoch === undefined
                ? t('common.unknown')
                : t('identity.bundleEpoch', { epoch: String(bundleEpoch) }),
          },
        ]}
      />
      <h4 className={styles.subheading}>{t('identity.clusterLife')}</h4>
      <Lives label={t('identity.clusterLife')}>
        {issuers.items.map(({ gns, issuer }) =>
          issuer ? (
            <Life
              key={gns}
              name={gns}
              life={issuer}
              marks={[
                { id: 'renew', at: issuer.renewAt },
                { id: 'late', at: lateAt(issuer) },
              ]}
              late="late"
            />
          ) : null,
        )}
      </Lives>
    </>
  );
}

/** The time that it can live alone; a warning where an issuer is over or was not renewed. */
function Alone(props: { issuers: Issuers }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const exact = useExactTime();
  const now = useNow();
  const { items, aloneUntil } = props.issuers;
  const over = items
    .filter(one => one.issuer && Date.parse(one.issuer.notAfter) <= now)
    .map(one => one.gns);
  if (over.length > 0) {
    return (
      <Alert
        mb="4"
        status="danger"
        icon
        title={t('identity.clusterAloneOver', { gns: over.join(', ') })}
      />
    );
  }
  if (aloneUntil === undefined) return null;
  const isLate = items.some(
    one => one.issuer && Date.parse(lateAt(one.issuer)) <= now,
  );
  return (
    <Alert
      mb="4"
      status={isLate ? 'warning' : 'info'}
      icon
      title={t('identity.clusterAlone', {
        time: exact(aloneUntil),
        age: age(aloneUntil),
      })}
    />
  );
}
