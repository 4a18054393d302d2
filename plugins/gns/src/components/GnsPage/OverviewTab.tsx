import { type ReactNode } from 'react';
import {
  Alert,
  ButtonLink,
  Card,
  CardBody,
  CardHeader,
  Text,
} from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type GnsStatus } from '@isthmus/plugin-gns-common';
import { useLive } from '../../live/useLive';
import { decisionsRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import { CopyButton } from '../state/CopyButton';
import { FreshnessChips } from '../state/FreshnessChip';
import { OwnerLink } from '../state/OwnerLink';
import { RelativeTime } from '../state/RelativeTime';
import { ConditionList } from './ConditionList';
import { useGnsStatus } from './GnsStatusContext';
import styles from './GnsPage.module.css';

/** Facts, conditions with remedies, held changes, hosts to copy. */
export function OverviewTab() {
  const status = useGnsStatus();
  const { t } = useGnsTranslation();
  return (
    <div className={styles.grid}>
      <div className={styles.column}>
        {status.paused ? (
          <Alert
            status="info"
            icon
            title={t('overview.pausedTitle')}
            description={t('overview.pausedText')}
          />
        ) : null}
        <HeldChanges status={status} />
        <Section title={t('overview.conditions')}>
          <ConditionList conditions={status.allConditions} />
        </Section>
      </div>
      <div className={styles.column}>
        <Section title={t('overview.facts')}>
          <Facts status={status} />
        </Section>
        <Section title={t('overview.hosts')}>
          <Hosts status={status} />
        </Section>
      </div>
    </div>
  );
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small" weight="bold">
          {props.title}
        </Text>
      </CardHeader>
      <CardBody>{props.children}</CardBody>
    </Card>
  );
}

function Facts(props: { status: GnsStatus }) {
  const { t } = useGnsTranslation();
  const { status } = props;
  const rows: [string, ReactNode][] = [
    [
      t('overview.domain'),
      <code key="d" className={styles.mono}>
        {status.domain}
      </code>,
    ],
    [t('overview.owner'), <OwnerLink key="o" owner={status.owner} />],
    [
      t('overview.mtls'),
      status.mtls === 'strict'
        ? t('overview.mtlsStrict')
        : t('overview.mtlsPermissive'),
    ],
    [
      t('overview.authority'),
      status.authority.mode === 'mesh'
        ? t('overview.authorityMesh')
        : t('overview.authorityDedicated'),
    ],
    [
      t('overview.trustDomain'),
      <code key="t" className={styles.mono}>
        {status.authority.trustDomain}
      </code>,
    ],
    [t('overview.services'), status.services],
    [
      t('overview.clusters'),
      status.clusters.length > 0 ? (
        <FreshnessChips key="c" coverage={status.clusters} />
      ) : (
        t('common.none')
      ),
    ],
    [t('overview.generation'), status.generation],
    [t('overview.changed'), <RelativeTime key="u" at={status.updatedAt} />],
  ];
  return (
    <dl className={styles.facts}>
      {rows.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Hosts(props: { status: GnsStatus }) {
  const { t } = useGnsTranslation();
  if (props.status.globalServices.length === 0) {
    return (
      <>
        <Text as="p" weight="bold">
          {t('overview.noHosts')}
        </Text>
        <Text as="p" color="secondary">
          {t('overview.noHostsText')}
        </Text>
      </>
    );
  }
  return (
    <ul className={`${styles.list} ${styles.hostList}`}>
      {props.status.globalServices.map(service => (
        <li key={service.host} className={styles.host}>
          <code className={styles.mono}>{service.host}</code>
          <CopyButton text={service.host} />
        </li>
      ))}
    </ul>
  );
}

function HeldChanges(props: { status: GnsStatus }) {
  const { t } = useGnsTranslation();
  const decisions = useRouteRef(decisionsRouteRef);
  const { name, holds: count } = props.status;
  const live = useLive('holds', (api, signal) => api.listHolds({}, signal), {
    topics: ['holds'],
    gns: name,
  });
  if (count === 0) return null;
  const holds = live.value?.items.filter(hold => hold.gns === name) ?? [];
  return (
    <Alert
      status="warning"
      icon
      title={t('count.decisions', { count })}
      description={
        <ul className={styles.stack}>
          {holds.map(hold => (
            <li key={hold.id}>{hold.message}</li>
          ))}
        </ul>
      }
      customActions={
        <ButtonLink
          size="small"
          variant="secondary"
          href={decisions?.() ?? '#'}
        >
          {t('overview.decide')}
        </ButtonLink>
      }
    />
  );
}
