import { ButtonLink } from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { gnsDefinitionCreatePermission } from '@isthmus/plugin-gns-common';
import { newGnsRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';

/** The way to a new global namespace, for those who may make one. */
export function CreateLink() {
  const { t } = useGnsTranslation();
  const link = useRouteRef(newGnsRouteRef);
  const { allowed } = usePermission({
    permission: gnsDefinitionCreatePermission,
  });
  return allowed ? (
    <ButtonLink iconStart={<RiAddLine />} href={link?.() ?? '#'}>
      {t('editing.create')}
    </ButtonLink>
  ) : null;
}
