import { useState } from 'react';
import { Link, SearchField } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type GlobalService } from '@isthmus/plugin-gns-common';
import { gnsServiceRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { CopyButton } from '../state/CopyButton';
import { type DataColumn, DataTable } from '../state/DataTable';
import { EmptyView } from '../state/EmptyView';
import { useReadyText } from '../state/Ready';
import { useGnsStatus } from './GnsStatusContext';
import styles from './GnsPage.module.css';
import { publication } from './publication';

/** Every global service: host, address, endpoints per cluster, publication. */
export function ServicesTab() {
  const { name: gns, globalServices } = useGnsStatus();
  const serviceLink = useRouteRef(gnsServiceRouteRef);
  const { t } = useGnsTranslation();
  const [text, setText] = useState('');
  const readyText = useReadyText();
  if (globalServices.length === 0) {
    return (
      <EmptyView title={t('services.empty')} text={t('services.emptyText')} />
    );
  }
  const columns: DataColumn<GlobalService>[] = [
    {
      id: 'service',
      label: t('services.service'),
      cell: service => (
        <Link href={serviceLink?.({ name: gns, service: service.name }) ?? '#'}>
          {service.name}
        </Link>
      ),
    },
    {
      id: 'host',
      label: t('services.host'),
      cell: service => (
        <span className={styles.host}>
          <code className={styles.mono}>{service.host}</code>
          <CopyButton text={service.host} />
        </span>
      ),
    },
    {
      id: 'address',
      label: t('services.address'),
      cell: service => (
        <span className={styles.host}>
          <code className={styles.mono}>
            {service.address ?? t('common.unknown')}
          </code>
        </span>
      ),
    },
    {
      id: 'ports',
      label: t('services.ports'),
      cell: service => (
        <ul className={styles.stack}>
          {service.ports.map(port => (
            <li key={port.number}>{`${port.number} ${port.protocol}`}</li>
          ))}
        </ul>
      ),
    },
    {
      id: 'endpoints',
      label: t('services.endpoints'),
      cell: service => (
        <ul className={styles.stack}>
          {service.endpoints.map(one => (
            <li key={`${one.cluster}/${one.namespace}/${one.service}`}>
              {`${one.cluster} / ${one.namespace}: ${readyText(
                one.ready,
                one.total,
              )}`}
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: 'publication',
      label: t('services.publication'),
      cell: service => <PublicationText service={service} />,
    },
  ];
  const found = globalServices.filter(service =>
    `${service.name} ${service.host}`
      .toLowerCase()
      .includes(text.trim().toLowerCase()),
  );
  return (
    <>
      <div className={styles.bar}>
        <SearchField
          className={styles.search}
          aria-label={t('services.search')}
          placeholder={t('services.search')}
          value={text}
          onChange={setText}
        />
        <span className={styles.quiet}>
          {t('count.services', { count: found.length })}
        </span>
      </div>
      <DataTable
        label={t('tabs.services')}
        columns={columns}
        rows={found}
        rowKey={service => service.host}
      />
    </>
  );
}

function PublicationText(props: { service: GlobalService }) {
  const { t } = useGnsTranslation();
  const { state, published, total, awaiting } = publication(props.service);
  const texts = {
    published: t('services.published'),
    partly: t('services.partly', {
      published: String(published),
      total: String(total),
    }),
    unpublished: t('services.unpublished'),
  };
  return (
    <ul className={styles.stack}>
      <li>{texts[state]}</li>
      {awaiting.length > 0 ? (
        <li>
          {t('services.awaiting', {
            clusters: [...new Set(awaiting)].join(', '),
          })}
        </li>
      ) : null}
    </ul>
  );
}
