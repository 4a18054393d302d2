import { Alert } from '@backstage/ui';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Says that the hub is read-only after a restore, or that no authority can sign; nothing otherwise. */
export function HubBanner() {
  const { t } = useGnsTranslation();
  const { value: hub } = useLive('hub', (api, signal) => api.getHub(signal), {
    topics: ['clusters', 'holds', 'authorities'],
  });
  if (!hub) return null;
  return (
    <>
      {hub.readOnly ? (
        <Alert
          mb="4"
          status="danger"
          icon
          title={t('banner.readOnlyTitle')}
          description={hub.readOnlyReason ?? t('banner.readOnlyText')}
        />
      ) : null}
      {hub.authorities?.state === 'unavailable' ? (
        <Alert
          mb="4"
          status="danger"
          icon
          title={t('identity.unavailable')}
          description={hub.authorities.message}
        />
      ) : null}
    </>
  );
}

/**
 * Says how many of the clusters on the page are simulated. It comes with the
 * page's own read, so that nothing moves later.
 */
export function SimulatedNotice(props: {
  clusters: readonly { simulated: boolean }[];
}) {
  const { t } = useGnsTranslation();
  const count = props.clusters.filter(one => one.simulated).length;
  if (count === 0) return null;
  return (
    <Alert mb="4" status="info" icon title={t('banner.simulated', { count })} />
  );
}
