import { useParams } from 'react-router-dom';
import { ButtonLink, Link, Text } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { SameOverRest } from '../../code/SameOverRest';
import { diagnoseRouteRef, gnsTabRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import {
  type AddedSection,
  AddedSections,
  Section,
} from '../ClusterPage/Section';
import { RecentChanges } from '../EntityMesh/RecentChanges';
import { ServiceLinks } from '../EntityMesh/ServiceLinks';
import { ConditionList } from '../GnsPage/ConditionList';
import styles from '../GnsPage/GnsPage.module.css';
import { useGnsStatus } from '../GnsPage/GnsStatusContext';
import { CopyButton } from '../state/CopyButton';
import { EmptyView } from '../state/EmptyView';
import { ServiceCallers } from './ServiceCallers';
import { ServiceProvider, useGlobalService } from './ServiceContext';
import { ServiceOwner } from './ServiceOwner';
import { addressesOf, conditionsOf } from './serviceParts';
import { ServicePlaces } from './ServicePlaces';

/** One global service: what to type, where it runs, who owns it, who can call it. */
export function ServicePage(props: { sections: readonly AddedSection[] }) {
  const { t } = useGnsTranslation();
  const { service: name = '' } = useParams();
  const gns = useGnsStatus();
  const tabLink = useRouteRef(gnsTabRouteRef);
  const all = tabLink?.({ name: gns.name, tab: 'services' }) ?? '#';
  const service = gns.globalServices.find(one => one.name === name);
  return (
    <>
      <Link href={all}>
        <span className={styles.line}>
          <RiArrowLeftLine size={14} aria-hidden />
          {t('service.all')}
        </span>
      </Link>
      {service ? (
        <ServiceProvider open={{ gns, service }}>
          <Parts sections={props.sections} />
        </ServiceProvider>
      ) : (
        <EmptyView
          title={t('service.missing', { name, gns: gns.name })}
          text={t('service.missingText')}
          action={
            <ButtonLink variant="secondary" href={all}>
              {t('service.all')}
            </ButtonLink>
          }
        />
      )}
    </>
  );
}

function Parts(props: { sections: readonly AddedSection[] }) {
  const { t } = useGnsTranslation();
  const { gns, service } = useGlobalService();
  const diagnoseLink = useRouteRef(diagnoseRouteRef);
  return (
    <>
      <header className={styles.bar}>
        <h3 className={styles.title}>{service.name}</h3>
        <ButtonLink
          size="small"
          variant="secondary"
          href={`${diagnoseLink?.() ?? ''}?to=${encodeURIComponent(
            `${gns.name}/${service.name}`,
          )}`}
        >
          {t('service.why', { name: service.name })}
        </ButtonLink>
      </header>
      <div className={`${styles.grid} ${styles.section}`}>
        <div>
          <Section title={t('entity.hosts')} level={4}>
            <Hosts />
          </Section>
          <Section title={t('list.owner')} level={4}>
            <ServiceOwner />
          </Section>
        </div>
        <div>
          <Section title={t('service.callers')} level={4}>
            <ServiceCallers />
          </Section>
        </div>
      </div>
      <Section title={t('service.places')} level={4}>
        <ServicePlaces />
      </Section>
      <AddedSections sections={props.sections} level={4} />
      <Section title={t('overview.conditions')} level={4}>
        <ConditionList conditions={conditionsOf(gns, service)} />
      </Section>
      <Section title={t('entity.changes')} level={4}>
        <RecentChanges status={gns} service={service} />
      </Section>
      <ServiceLinks status={gns} service={service} />
      <SameOverRest
        calls={[
          {
            title: t('service.read'),
            method: 'GET',
            path: `/global-namespaces/${encodeURIComponent(gns.name)}`,
          },
        ]}
      />
    </>
  );
}

function Hosts() {
  const { t } = useGnsTranslation();
  const { service } = useGlobalService();
  const copied = [
    ...addressesOf(service),
    ...(service.address ? [service.address] : []),
  ];
  return (
    <>
      <Text variant="body-small" color="secondary">
        {t('entity.hostsHelp')}
      </Text>
      <ul className={`${styles.list} ${styles.hostList}`}>
        {copied.map(address => (
          <li key={address} className={styles.host}>
            <code className={styles.mono}>{address}</code>
            <CopyButton text={address} />
          </li>
        ))}
      </ul>
    </>
  );
}
