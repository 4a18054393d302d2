import { Card, CardBody, CardHeader, Link, Text } from '@backstage/ui';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type GlobalService,
  type GnsStatus,
  type ServiceReference,
} from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { gnsTabRouteRef } from '../../routes';
import { gnsTranslationRef } from '../../translation';
import { ServiceEndpoints } from '../EntityTopologyCard/ServiceEndpoints';
import { ServiceMissing } from '../EntityTopologyCard/ServiceMissing';
import { ConditionList } from '../GnsPage/ConditionList';
import { CopyButton } from '../state/CopyButton';
import { HealthMark } from '../state/HealthMark';
import { LiveView, SkeletonRows } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { SilentClusters } from '../state/SilentClusters';
import { MeshPart } from './MeshPart';
import { RecentChanges } from './RecentChanges';
import { ServiceLinks } from './ServiceLinks';
import styles from './EntityMesh.module.css';

/** Everything about one global service of an entity, in one of its global namespaces. */
export function ServicePanel(props: { reference: ServiceReference }) {
  const { gns, service: name } = props.reference;
  const { t } = useTranslationRef(gnsTranslationRef);
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
  const { t } = useTranslationRef(gnsTranslationRef);
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

/** What to type: the bare host where a port says nothing more. */
function addressesOf(service: GlobalService): string[] {
  if (service.ports.length === 0) return [service.host];
  return service.ports.map(({ number, protocol }) =>
    /^(HTTP|HTTP2|GRPC)$/.test(protocol) && number === 80
      ? `http://${service.host}/`
      : `${service.host}:${number}`,
  );
}

/** Conditions of the service itself, and of the clusters in which it runs. */
function conditionsOf(status: GnsStatus, service: GlobalService) {
  const clusters = new Set(service.endpoints.map(e => e.cluster));
  const known = new Set(service.conditions.map(c => c.message));
  return [
    ...service.conditions,
    ...status.allConditions.filter(
      c =>
        !known.has(c.message) &&
        (c.service === undefined || c.service === service.name) &&
        c.cluster !== undefined &&
        clusters.has(c.cluster),
    ),
  ];
}
