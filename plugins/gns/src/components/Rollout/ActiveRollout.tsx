import { Alert, ButtonLink } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useLive } from '../../live/useLive';
import { rolloutRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Says on each tab that a change is on its way; nothing when none is. */
export function ActiveRollout(props: { gns: string }) {
  const { t } = useGnsTranslation();
  const rolloutLink = useRouteRef(rolloutRouteRef);
  const { gns } = props;
  const live = useLive(
    `rollouts/${gns}`,
    (api, signal) => api.rollouts.list({ gns, state: 'active' }, signal),
    { topics: ['rollouts'], gns },
  );
  const [active] = live.value?.items ?? [];
  if (!active) return null;
  return (
    <Alert
      mb="4"
      status={active.state === 'stopped' ? 'danger' : 'info'}
      icon
      title={`${t('rollout.active')}: ${t(`rollout.${active.state}`)}`}
      description={active.message}
      customActions={
        <ButtonLink
          size="small"
          variant="secondary"
          href={rolloutLink?.({ rollout: active.id }) ?? '#'}
        >
          {t('rollout.activeLink')}
        </ButtonLink>
      }
    />
  );
}
