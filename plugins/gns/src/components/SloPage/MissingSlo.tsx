import { ButtonLink } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { EmptyView } from '../state/EmptyView';

/** There is no objective of that name, and where the others are. */
export function MissingSlo(props: { gns: string; name: string }) {
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  return (
    <EmptyView
      title={t('sloPage.missing', { name: props.name })}
      text={t('sloPage.missingText')}
      action={
        <ButtonLink
          variant="secondary"
          href={tabLink?.({ name: props.gns, tab: 'slos' }) ?? '#'}
        >
          {t('sloPage.toList')}
        </ButtonLink>
      }
    />
  );
}
