import { useState } from 'react';
import { Alert } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsClusterCreatePermission,
  type JoinToken,
} from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { HubBanner } from '../state/HubBanner';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { useUrlText } from '../useUrlChoice';
import { Connecting } from './Connecting';
import { DescribeCluster } from './DescribeCluster';

/**
 * Connects a cluster: its name, the command to paste, and how far it has come.
 * The address names the cluster, so that one can leave and come back.
 */
export function ConnectView() {
  const { t } = useGnsTranslation();
  const [name, setName] = useUrlText('cluster');
  // Shown once: it is kept nowhere but on this page.
  const [token, setToken] = useState<JoinToken>();
  const { allowed, loading } = usePermission({
    permission: gnsClusterCreatePermission,
  });
  const live = useLive('clusters', (api, signal) => api.listClusters(signal), {
    topics: ['clusters', 'status'],
  });
  if (loading) return <SkeletonRows rows={6} />;
  if (!allowed && name === '') {
    return (
      <Alert
        status="warning"
        icon
        title={t('connect.denied')}
        description={t('state.deniedText', {
          permission: gnsClusterCreatePermission.name,
        })}
      />
    );
  }
  return (
    <>
      <HubBanner />
      <LiveView live={live} permission="gns.cluster.read">
        {({ items }) =>
          name === '' ? (
            <DescribeCluster
              clusters={items}
              onRegistered={made => {
                setToken(made);
                setName(made.cluster);
                live.reload();
              }}
            />
          ) : (
            <Connecting
              name={name}
              cluster={items.find(one => one.name === name)}
              token={token?.cluster === name ? token : undefined}
              onToken={setToken}
              live={live}
              mayConnect={allowed}
            />
          )
        }
      </LiveView>
    </>
  );
}
