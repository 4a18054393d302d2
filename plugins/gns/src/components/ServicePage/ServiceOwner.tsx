import { Link, Text } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type Entity, getCompoundEntityRef } from '@backstage/catalog-model';
import { EntityRefLink, entityRouteRef } from '@backstage/plugin-catalog-react';
import { ANNOTATION_SERVICE } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { SkeletonRows } from '../state/LiveView';
import { OwnerLink } from '../state/OwnerLink';
import { useGlobalService } from './ServiceContext';
import { useServiceEntities } from './useServiceEntities';

/** The components behind the service, their owners and, where the Kubernetes plugin knows them, their pods. */
export function ServiceOwner() {
  const { t } = useGnsTranslation();
  const { gns, service } = useGlobalService();
  const { entities, error } = useServiceEntities(gns.name, service.name);
  if (error) {
    return (
      <Text color="secondary">
        {t('service.catalogFailed', { message: error.message })}
      </Text>
    );
  }
  if (!entities) return <SkeletonRows rows={2} height={24} />;
  if (entities.length === 0) {
    return (
      <>
        <p className={styles.message}>
          {t('service.ownerOfGns')} <OwnerLink owner={gns.owner} />
        </p>
        <p className={styles.quiet}>
          {t('service.noEntity')}{' '}
          <code className={styles.mono}>
            {`${ANNOTATION_SERVICE}: ${gns.name}/${service.name}`}
          </code>
        </p>
      </>
    );
  }
  return (
    <ul className={styles.list}>
      {entities.map(entity => (
        <li
          key={`${entity.kind}:${entity.metadata.namespace}/${entity.metadata.name}`}
          className={styles.line}
        >
          <EntityRefLink entityRef={entity} title={entity.metadata.title} />
          <OwnerLink owner={ownerOf(entity)} />
          <PodsLink entity={entity} />
        </li>
      ))}
    </ul>
  );
}

function ownerOf(entity: Entity): string | undefined {
  const owner = entity.spec?.owner;
  return typeof owner === 'string' ? owner : undefined;
}

/** Annotations by which the Kubernetes plugin finds the pods of an entity. */
const KUBERNETES_ANNOTATIONS = [
  'backstage.io/kubernetes-id',
  'backstage.io/kubernetes-label-selector',
];

function PodsLink(props: { entity: Entity }) {
  const { t } = useGnsTranslation();
  const entityLink = useRouteRef(entityRouteRef);
  const { entity } = props;
  const annotations = entity.metadata.annotations ?? {};
  const known = KUBERNETES_ANNOTATIONS.some(name => annotations[name]);
  if (!known || !entityLink) return null;
  const { kind, namespace, name } = getCompoundEntityRef(entity);
  const page = entityLink({ kind: kind.toLowerCase(), namespace, name });
  return <Link href={`${page}/kubernetes`}>{t('service.pods')}</Link>;
}
