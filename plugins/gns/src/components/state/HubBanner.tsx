import { Alert } from '@backstage/ui';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useLive } from '../../live/useLive';
import { gnsTranslationRef } from '../../translation';
import styles from './state.module.css';

/** State of the hub itself: read-only after a restore, and simulated clusters. */
export function HubBanner() {
  const { t } = useTranslationRef(gnsTranslationRef);
  const { value: hub } = useLive('hub', (api, signal) => api.getHub(signal), {
    topics: ['clusters', 'holds'],
  });
  return (
    <div className={styles.banners}>
      {hub?.readOnly ? (
        <Alert
          status="danger"
          icon
          title={t('banner.readOnlyTitle')}
          description={hub.readOnlyReason ?? t('banner.readOnlyText')}
        />
      ) : null}
      {hub && hub.simulatedClusters > 0 ? (
        <Alert
          status="info"
          icon
          title={t('banner.simulated', { count: hub.simulatedClusters })}
        />
      ) : null}
    </div>
  );
}
