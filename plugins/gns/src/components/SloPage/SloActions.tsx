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
  type SloSummary,
} from '@isthmus/plugin-gns-common';
import { editSloRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DeleteSloDialog } from './DeleteSloDialog';
import { ExportDialog } from './ExportDialog';

/** What the reader may do with one objective. */
export function SloActions(props: { summary: SloSummary }) {
  const { t } = useGnsTranslation();
  const editLink = useRouteRef(editSloRouteRef);
  const { summary } = props;
  const { gns, name } = summary;
  const resourceRef = `ServiceLevelObjective:${gns}/${name}`;
  const mayEdit = usePermission({
    permission: gnsDefinitionUpdatePermission,
    resourceRef,
  }).allowed;
  const mayDelete = usePermission({
    permission: gnsDefinitionDeletePermission,
    resourceRef,
  }).allowed;
  const [open, setOpen] = useState<'export' | 'delete'>();
  const close = () => setOpen(undefined);
  return (
    <>
      {mayEdit ? (
        <ButtonLink
          size="small"
          variant="secondary"
          iconStart={<RiEditLine />}
          href={editLink?.({ name: gns, slo: name }) ?? '#'}
        >
          {t('sloEdit.edit')}
        </ButtonLink>
      ) : null}
      <MenuTrigger>
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label={t('sloEdit.more')}
          icon={<RiMore2Line />}
        />
        <Menu>
          <MenuItem onAction={() => setOpen('export')}>
            {t('sloEdit.export')}
          </MenuItem>
          {mayDelete ? (
            <MenuItem color="danger" onAction={() => setOpen('delete')}>
              {t('sloEdit.delete')}
            </MenuItem>
          ) : null}
        </Menu>
      </MenuTrigger>
      {open === 'export' ? (
        <ExportDialog summary={summary} onClose={close} />
      ) : null}
      {open === 'delete' ? (
        <DeleteSloDialog summary={summary} onClose={close} />
      ) : null}
    </>
  );
}
