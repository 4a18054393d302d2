import { type Cluster } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';

/** Where an east-west gateway is reached, its name, and whether it serves. */
export function GatewayAddress(props: {
  gateway: Cluster['gateways'][number];
}) {
  const { t } = useGnsTranslation();
  const { gateway } = props;
  return (
    <>
      <code className={styles.mono}>
        {`${gateway.addresses.join(', ') || '—'}:${gateway.port}`}
      </code>
      <div className={styles.quiet}>
        {`${gateway.namespace}/${gateway.name}, `}
        {gateway.ready
          ? t('clusters.gatewayReady')
          : t('clusters.gatewayNotReady')}
      </div>
    </>
  );
}
