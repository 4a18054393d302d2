import { Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type ServiceReference } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { Neighbourhood } from '../../topology/card/Neighbourhood';
import { useGnsTranslation } from '../../useGnsTranslation';
import { CopyButton } from '../state/CopyButton';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import styles from '../GnsPage/GnsPage.module.css';
import { ServiceEndpoints } from './ServiceEndpoints';
import { ServiceMissing } from './ServiceMissing';

/** One service of the annotation: host, endpoints per cluster, neighbourhood. */
export function ServiceReferenceView(props: { reference: ServiceReference }) {
  const { gns, service: name } = props.reference;
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const live = useLive(
    `global-namespaces/${gns}`,
    (api, signal) => api.getGlobalNamespace(gns, signal),
    { topics: ['status', 'definitions', 'clusters'], gns },
  );
  const link = tabLink?.({ name: gns, tab: 'topology' });
  return (
    <section className={styles.column} aria-label={`${gns}/${name}`}>
      <div className={styles.bar} style={{ marginBottom: 0 }}>
        <Text as="h3" variant="body-large" weight="bold">
          {`${gns} / ${name}`}
        </Text>
        {link ? <Link href={link}>{t('card.open')}</Link> : null}
      </div>
      {live.error && !live.value && readProblem(live.error) === 'missing' ? (
        <ServiceMissing gns={gns} service={name} />
      ) : (
        <LiveView
          live={live}
          permission="gns.definition.read"
          skeleton={<SkeletonRows rows={3} />}
        >
          {status => {
            const service = status.globalServices.find(
              one => one.name === name,
            );
            return service ? (
              <>
                <span className={styles.host}>
                  <code className={styles.mono}>{service.host}</code>
                  <CopyButton text={service.host} />
                </span>
                <ServiceEndpoints status={status} service={service} />
                <Neighbourhood gns={gns} service={name} />
              </>
            ) : (
              <ServiceMissing gns={gns} service={name} />
            );
          }}
        </LiveView>
      )}
    </section>
  );
}
