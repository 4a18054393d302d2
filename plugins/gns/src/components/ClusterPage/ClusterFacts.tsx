import { type ReactNode } from 'react';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { GatewayAddress } from '../ClustersView/GatewayAddress';
import styles from '../GnsPage/GnsPage.module.css';
import { RelativeTime } from '../state/RelativeTime';

/** What a cluster says of itself, and what the hub wants of it. */
export function ClusterFacts(props: { cluster: Cluster }) {
  const { t } = useGnsTranslation();
  const { cluster } = props;
  const unknown = t('common.unknown');
  const mono = (text: string | undefined) =>
    text ? <code className={styles.mono}>{text}</code> : unknown;
  const facts: [label: string, value: ReactNode][] = [
    [t('cluster.lastSeen'), <RelativeTime at={cluster.lastSeenAt} />],
    [t('cluster.registered'), <RelativeTime at={cluster.createdAt} />],
    [t('clusters.network'), mono(cluster.network)],
    [t('clusters.region'), cluster.region ?? unknown],
    [
      t('clusters.versions'),
      <ul className={styles.stack}>
        <li>
          {t('clusters.istio', {
            version: cluster.istioVersions.join(', ') || unknown,
          })}
        </li>
        <li>
          {t('clusters.kubernetes', {
            version: cluster.kubernetesVersion ?? unknown,
          })}
        </li>
        <li>
          {t('clusters.controller', {
            version: cluster.controllerVersion ?? unknown,
          })}
        </li>
      </ul>,
    ],
    [t('overview.trustDomain'), mono(cluster.trustDomain)],
    [
      t('cluster.roots'),
      cluster.rootHashes.length === 0 ? (
        unknown
      ) : (
        <ul className={styles.stack}>
          {cluster.rootHashes.map(hash => (
            <li key={hash} title={hash}>
              <code className={styles.mono}>{hash.slice(0, 16)}</code>
            </li>
          ))}
        </ul>
      ),
    ],
    [
      t('clusters.gateways'),
      cluster.gateways.length === 0 ? (
        <span className={styles.quiet}>
          {cluster.state === 'waiting' ? unknown : t('clusters.noGateway')}
        </span>
      ) : (
        <ul className={styles.stack}>
          {cluster.gateways.map(gateway => (
            <li key={`${gateway.namespace}/${gateway.name}`}>
              <GatewayAddress gateway={gateway} />
            </li>
          ))}
        </ul>
      ),
    ],
    [
      t('clusters.epoch'),
      cluster.state === 'waiting' ? (
        '—'
      ) : (
        <>
          {mono(`${cluster.appliedEpoch} / ${cluster.desiredEpoch}`)}{' '}
          <span className={styles.quiet}>
            {cluster.appliedEpoch === cluster.desiredEpoch
              ? t('members.upToDate')
              : t('members.behind')}
          </span>
        </>
      ),
    ],
    [
      t('cluster.labels'),
      Object.keys(cluster.labels).length === 0 ? (
        t('common.none')
      ) : (
        <ul className={styles.stack}>
          {Object.entries(cluster.labels).map(([key, value]) => (
            <li key={key}>{mono(`${key}=${value}`)}</li>
          ))}
        </ul>
      ),
    ],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => [
        <dt key={`${label} label`}>{label}</dt>,
        <dd key={label}>{value}</dd>,
      ])}
    </dl>
  );
}
