import { ButtonLink } from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { gnsDefinitionCreatePermission } from '@isthmus/plugin-gns-common';
import { importSloRouteRef, newSloRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './slosView.module.css';

/** The ways to a new objective, for those who may make one. */
export function NewSloLinks(props: { gns: string }) {
  const { t } = useGnsTranslation();
  const newLink = useRouteRef(newSloRouteRef);
  const importLink = useRouteRef(importSloRouteRef);
  const { allowed } = usePermission({
    permission: gnsDefinitionCreatePermission,
  });
  if (!allowed) return null;
  return (
    <div className={styles.links}>
      <ButtonLink
        size="small"
        iconStart={<RiAddLine />}
        href={newLink?.({ name: props.gns }) ?? '#'}
      >
        {t('sloEdit.newLink')}
      </ButtonLink>
      <ButtonLink
        size="small"
        variant="secondary"
        href={importLink?.({ name: props.gns }) ?? '#'}
      >
        {t('sloEdit.importLink')}
      </ButtonLink>
    </div>
  );
}
