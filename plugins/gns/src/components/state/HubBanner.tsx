import { Alert } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useLive } from '../../live/useLive';
import { gnsTranslationRef } from '../../translation';

/** Says that the hub is read-only after a restore, or that no authority can sign; nothing otherwise. */
export function HubBanner() {
  const { t } = useTranslationRef(gnsTranslationRef);
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
  const { t } = useTranslationRef(gnsTranslationRef);
  const count = props.clusters.filter(one => one.simulated).length;
  if (count === 0) return null;
  return (
    <Alert mb="4" status="info" icon title={t('banner.simulated', { count })} />
  );
}
