import { useState } from 'react';
import {
  ButtonIcon,
  ButtonLink,
  Menu,
  MenuItem,
  MenuTrigger,
} from '@backstage/ui';
import { RiEditLine, RiMore2Line } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  gnsDefinitionDeletePermission,
  gnsDefinitionUpdatePermission,
  gnsRolloutApprovePermission,
  type GnsStatus,
} from '@isthmus/plugin-gns-common';
import { deleteRouteRef, editRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { PauseDialog } from './PauseDialog';

/** What the reader may do with one global namespace. */
export function GnsActions(props: { name: string; status?: GnsStatus }) {
  const { t } = useGnsTranslation();
  const { name, status } = props;
  const resourceRef = `GlobalNamespace:${name}`;
  const editLink = useRouteRef(editRouteRef);
  const deleteLink = useRouteRef(deleteRouteRef);
  const mayEdit = usePermission({
    permission: gnsDefinitionUpdatePermission,
    resourceRef,
  }).allowed;
  const mayDelete = usePermission({
    permission: gnsDefinitionDeletePermission,
    resourceRef,
  }).allowed;
  const mayPause = usePermission({
    permission: gnsRolloutApprovePermission,
  }).allowed;
  const [pausing, setPausing] = useState(false);
  if (!status) return null;
  return (
    <>
      {mayEdit ? (
        <ButtonLink
          size="small"
          variant="secondary"
          iconStart={<RiEditLine />}
          href={editLink?.({ name }) ?? '#'}
        >
          {t('tabs.edit')}
        </ButtonLink>
      ) : null}
      {mayDelete || mayPause ? (
        <MenuTrigger>
          <ButtonIcon
            size="small"
            variant="secondary"
            aria-label={t('gnsActions.more')}
            icon={<RiMore2Line />}
          />
          <Menu>
            {mayPause ? (
              <MenuItem onAction={() => setPausing(true)}>
                {status.paused ? t('gnsActions.resume') : t('gnsActions.pause')}
              </MenuItem>
            ) : null}
            {mayDelete ? (
              <MenuItem color="danger" href={deleteLink?.({ name }) ?? '#'}>
                {t('gnsActions.delete')}
              </MenuItem>
            ) : null}
          </Menu>
        </MenuTrigger>
      ) : null}
      {pausing ? (
        <PauseDialog
          name={name}
          title={status.title ?? name}
          isPaused={status.paused}
          onClose={() => setPausing(false)}
        />
      ) : null}
    </>
  );
}
