import { Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { diagnoseRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { useGlobalService } from './ServiceContext';
import { callersByCluster } from './serviceParts';

/** Where the service can be called from; each place leads to the question why it cannot. */
export function ServiceCallers() {
  const { t } = useGnsTranslation();
  const { gns, service } = useGlobalService();
  const diagnoseLink = useRouteRef(diagnoseRouteRef);
  const to = `${gns.name}/${service.name}`;
  const callers = callersByCluster(service);
  if (callers.length === 0) {
    return <Text color="secondary">{t('service.noCallers')}</Text>;
  }
  return (
    <ul className={styles.list}>
      {callers.map(({ cluster, namespaces }) => (
        <li key={cluster}>
          <strong>{cluster}</strong>
          <ul className={styles.stack}>
            {namespaces.map(namespace => {
              const from = `${cluster}/${namespace}`;
              return (
                <li key={namespace} className={styles.line}>
                  <code className={styles.mono}>{namespace}</code>
                  <Link
                    href={`${diagnoseLink?.() ?? ''}?${new URLSearchParams({
                      from,
                      to,
                    })}`}
                    aria-label={t('service.checkFrom', { from })}
                  >
                    {t('service.check')}
                  </Link>
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ul>
  );
}
