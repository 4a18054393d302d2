import { ButtonLink } from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { gnsClusterCreatePermission } from '@isthmus/plugin-gns-common';
import { connectRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';

/** The way to connect a cluster, or to go on with one, for those who may. */
export function ConnectLink(props: {
  /** One that is on its way. */
  cluster?: string;
  size?: 'small';
}) {
  const { t } = useGnsTranslation();
  const link = useRouteRef(connectRouteRef);
  const { allowed } = usePermission({ permission: gnsClusterCreatePermission });
  if (!allowed) return null;
  const { cluster, size } = props;
  const path = link?.() ?? '#';
  return cluster === undefined ? (
    <ButtonLink size={size} iconStart={<RiAddLine />} href={path}>
      {t('connect.connect')}
    </ButtonLink>
  ) : (
    <ButtonLink
      size={size}
      variant="secondary"
      href={`${path}?cluster=${encodeURIComponent(cluster)}`}
    >
      {t('connect.goOn', { name: cluster })}
    </ButtonLink>
  );
}
