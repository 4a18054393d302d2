import { type RefObject, useState } from 'react';
import { Button, ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import { RiMore2Line } from '@remixicon/react';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  type Cluster,
  gnsClusterDeletePermission,
  gnsClusterUpdatePermission,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useReturnFocus } from '../state/useReturnFocus';
import { type ClusterDeed, deedsOf, isGrave } from './clusterActions';
import { ClusterDeedDialog } from './ClusterDeedDialog';

/** What the reader may do with a cluster; each deed says first what it costs. */
export function ClusterActions(props: {
  cluster: Cluster;
  /** Takes the focus when the button that was pressed is another one by now. */
  fallback: RefObject<HTMLElement>;
  onDone: () => void;
}) {
  const { t } = useGnsTranslation();
  const { cluster, onDone } = props;
  const [asked, setAsked] = useState<ClusterDeed>();
  useReturnFocus(asked !== undefined, props.fallback);
  const mayUpdate = usePermission({
    permission: gnsClusterUpdatePermission,
  }).allowed;
  const mayDelete = usePermission({
    permission: gnsClusterDeletePermission,
  }).allowed;
  const deeds = deedsOf(cluster).filter(deed =>
    isGrave(deed) ? mayDelete : mayUpdate,
  );
  const light = deeds.filter(deed => !isGrave(deed));
  const grave = deeds.filter(isGrave);
  return (
    <>
      {light.map(deed => (
        <Button
          key={deed}
          size="small"
          variant="secondary"
          onPress={() => setAsked(deed)}
        >
          {t(`cluster.${deed}`)}
        </Button>
      ))}
      {grave.length > 0 ? (
        <MenuTrigger>
          <ButtonIcon
            size="small"
            variant="secondary"
            aria-label={t('gnsActions.more')}
            icon={<RiMore2Line />}
          />
          <Menu>
            {grave.map(deed => (
              <MenuItem
                key={deed}
                color="danger"
                onAction={() => setAsked(deed)}
              >
                {`${t(`cluster.${deed}`)}…`}
              </MenuItem>
            ))}
          </Menu>
        </MenuTrigger>
      ) : null}
      {asked ? (
        <ClusterDeedDialog
          cluster={cluster}
          deed={asked}
          onClose={done => {
            setAsked(undefined);
            if (done) onDone();
          }}
        />
      ) : null}
    </>
  );
}
