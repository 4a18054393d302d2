import { Text } from '@backstage/ui';
import { type GnsStatus } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { DataTable } from '../state/DataTable';
import { EmptyView } from '../state/EmptyView';
import { FreshnessMark } from '../state/FreshnessChip';
import { useGnsStatus } from './GnsStatusContext';
import styles from './GnsPage.module.css';

/** How far each cluster has come, and which namespaces belong. */
export function ClustersTab() {
  const status = useGnsStatus();
  const { t } = useGnsTranslation();
  return (
    <>
      {status.rollout.length > 0 ? <Rollout status={status} /> : null}
      <section className={styles.section}>
        {status.members.length === 0 ? (
          <EmptyView title={t('members.empty')} text={t('members.emptyText')} />
        ) : (
          <Members status={status} />
        )}
      </section>
    </>
  );
}

function Rollout(props: { status: GnsStatus }) {
  const { t } = useGnsTranslation();
  const coverage = new Map(
    props.status.clusters.map(one => [one.cluster, one]),
  );
  return (
    <section className={styles.section}>
      <Text
        as="h2"
        variant="title-x-small"
        weight="bold"
        className={styles.heading}
      >
        {t('members.rollout')}
      </Text>
      <DataTable
        label={t('members.rollout')}
        rows={props.status.rollout}
        rowKey={one => one.cluster}
        columns={[
          {
            id: 'cluster',
            label: t('members.cluster'),
            cell: one => one.cluster,
          },
          {
            id: 'freshness',
            label: t('members.freshness'),
            cell: one => {
              const known = coverage.get(one.cluster);
              return known ? (
                <FreshnessMark state={known.state} dataAt={known.dataAt} />
              ) : (
                t('common.unknown')
              );
            },
          },
          {
            id: 'progress',
            label: t('members.progress'),
            cell: one => (
              <ul className={styles.stack}>
                <li>
                  {one.upToDate ? t('members.upToDate') : t('members.behind')}
                </li>
                {one.failed > 0 ? (
                  <li>{t('members.failed', { count: one.failed })}</li>
                ) : null}
              </ul>
            ),
          },
          {
            id: 'applied',
            label: t('members.applied'),
            cell: one => (
              <code className={styles.mono}>{one.appliedEpoch}</code>
            ),
          },
          {
            id: 'desired',
            label: t('members.desired'),
            cell: one => (
              <code className={styles.mono}>{one.desiredEpoch}</code>
            ),
          },
          {
            id: 'objects',
            label: t('members.objects'),
            cell: one => one.objects,
          },
        ]}
      />
    </section>
  );
}

function Members(props: { status: GnsStatus }) {
  const { t } = useGnsTranslation();
  return (
    <>
      <Text
        as="h2"
        variant="title-x-small"
        weight="bold"
        className={styles.heading}
      >
        {t('members.title')}
      </Text>
      <DataTable
        label={t('members.title')}
        rows={props.status.members}
        rowKey={one => `${one.cluster}/${one.namespace}`}
        columns={[
          {
            id: 'namespace',
            label: t('members.namespace'),
            cell: one => one.namespace,
          },
          {
            id: 'cluster',
            label: t('members.cluster'),
            cell: one => one.cluster,
          },
          {
            id: 'state',
            label: t('members.state'),
            cell: one => t(`members.${one.state}`),
          },
          {
            id: 'services',
            label: t('members.services'),
            cell: one => one.services,
          },
          {
            id: 'restart',
            label: t('members.restart'),
            cell: one =>
              one.awaitingRestart > 0 ? (
                <span title={t('members.restartHint')}>
                  {t('count.pods', { count: one.awaitingRestart })}
                </span>
              ) : (
                t('common.none')
              ),
          },
        ]}
      />
    </>
  );
}
