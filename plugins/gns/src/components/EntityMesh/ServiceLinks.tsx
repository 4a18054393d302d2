import { useMemo } from 'react';
import { Link } from '@backstage/ui';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { GlobalService, GnsStatus } from '@isthmus/plugin-gns-common';
import {
  fillLink,
  isPerCluster,
  readServiceLinks,
} from '../../entity/serviceLinks';
import { useGnsTranslation } from '../../useGnsTranslation';
import { MeshPart } from './MeshPart';
import styles from './EntityMesh.module.css';

/** Traces, logs, Kiali …: what the admin configured; nothing without. */
export function ServiceLinks(props: {
  status: GnsStatus;
  service: GlobalService;
}) {
  const { t } = useGnsTranslation();
  const config = useApi(configApiRef);
  const templates = useMemo(() => readServiceLinks(config), [config]);
  const { status, service } = props;
  const links = templates.flatMap(template => {
    const places = isPerCluster(template)
      ? service.endpoints
      : service.endpoints.slice(0, 1);
    return places.map(place => ({
      title: isPerCluster(template)
        ? `${template.title} · ${place.cluster}`
        : template.title,
      url: fillLink(template, {
        gns: status.name,
        service: service.name,
        host: service.host,
        cluster: place.cluster,
        namespace: place.namespace,
        kubernetesService: place.service,
      }),
    }));
  });
  if (links.length === 0) return null;
  return (
    <MeshPart title={t('entity.links')}>
      <ul className={styles.links}>
        {links.map(({ title, url }) => (
          <li key={`${title} ${url}`}>
            <Link
              href={url}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={t('entity.newTab', { title })}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </MeshPart>
  );
}
