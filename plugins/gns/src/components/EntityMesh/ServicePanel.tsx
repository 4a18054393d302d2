import { Card, CardBody, CardHeader, Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  type GlobalService,
  type GnsStatus,
  type ServiceReference,
} from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ServiceEndpoints } from '../EntityTopologyCard/ServiceEndpoints';
import { ServiceMissing } from '../EntityTopologyCard/ServiceMissing';
import { ConditionList } from '../GnsPage/ConditionList';
import { CopyButton } from '../state/CopyButton';
import { HealthMark } from '../state/HealthMark';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { SilentClusters } from '../state/SilentClusters';
import { addressesOf, conditionsOf } from '../ServicePage/serviceParts';
import { MeshPart } from './MeshPart';
import { RecentChanges } from './RecentChanges';
import { ServiceLinks } from './ServiceLinks';
import styles from './EntityMesh.module.css';

/** Everything about one global service of an entity, in one of its global namespaces. */
export function ServicePanel(props: { reference: ServiceReference }) {
  const { gns, service: name } = props.reference;
  const { t } = useGnsTranslation();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const live = useLive(
    `global-namespaces/${gns}`,
    (api, signal) => api.getGlobalNamespace(gns, signal),
    { topics: ['status', 'definitions', 'clusters'], gns },
  );
  const link = tabLink?.({ name: gns, tab: 'services' });
  const isMissing =
    live.error && !live.value && readProblem(live.error) === 'missing';
  return (
    <Card>
      <CardHeader>
        <div className={styles.head}>
          <Text as="h2" variant="title-x-small" weight="bold">
            {`${live.value?.title ?? gns} / ${name}`}
          </Text>
          {live.value ? <HealthMark health={live.value.health} /> : null}
          {link ? (
            <Link href={link}>
              {t('entity.open', { gns: live.value?.title ?? gns })}
            </Link>
          ) : null}
        </div>
      </CardHeader>
      <CardBody>
        {isMissing ? (
          <ServiceMissing gns={gns} service={name} />
        ) : (
          <LiveView
            live={live}
            permission="gns.definition.read"
            skeleton={<SkeletonRows rows={8} />}
          >
            {status => {
              const service = status.globalServices.find(
                one => one.name === name,
              );
              return service ? (
                <ServiceParts status={status} service={service} />
              ) : (
                <ServiceMissing gns={gns} service={name} />
              );
            }}
          </LiveView>
        )}
      </CardBody>
    </Card>
  );
}

function ServiceParts(props: { status: GnsStatus; service: GlobalService }) {
  const { t } = useGnsTranslation();
  const { status, service } = props;
  return (
    <div className={styles.page}>
      <SilentClusters
        coverage={status.clusters.filter(one =>
          service.endpoints.some(e => e.cluster === one.cluster),
        )}
      />
      <MeshPart title={t('entity.hosts')}>
        <Text variant="body-small" color="secondary">
          {t('entity.hostsHelp')}
        </Text>
        {addressesOf(service).map(address => (
          <span key={address} className={styles.copied}>
            <code className={styles.mono}>{address}</code>
            <CopyButton text={address} />
          </span>
        ))}
      </MeshPart>
      <MeshPart title={t('entity.places')}>
        <ServiceEndpoints status={status} service={service} />
      </MeshPart>
      <MeshPart title={t('entity.conditions')}>
        <ConditionList conditions={conditionsOf(status, service)} />
      </MeshPart>
      <MeshPart title={t('entity.changes')}>
        <RecentChanges status={status} service={service} />
      </MeshPart>
      <ServiceLinks status={status} service={service} />
    </div>
  );
}
