import { Text } from '@backstage/ui';
import { type Cluster } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { type DataColumn, DataTable } from '../state/DataTable';
import { brokenWays } from './reachability';
import { Reached } from './Reached';

/** More columns than anybody compares; the broken ways are listed always. */
const MOST_COLUMNS = 20;

/** Who reaches whose east-west gateway, as the controllers measured it. */
export function ReachabilityMatrix(props: {
  clusters: Cluster[];
  /** Those that the filter left: the matrix is theirs. */
  shown: Cluster[];
}) {
  const { t } = useGnsTranslation();
  const enrolled = props.clusters.filter(one => one.state !== 'waiting');
  if (enrolled.length < 2) return null;
  const among = props.shown.filter(one => one.state !== 'waiting');
  const columns = among.slice(0, MOST_COLUMNS);
  const broken = brokenWays(enrolled);
  return (
    <section className={styles.section}>
      <Text
        as="h2"
        variant="title-x-small"
        weight="bold"
        className={styles.heading}
      >
        {t('clusters.reachability')}
      </Text>
      <Text as="p" color="secondary" variant="body-small">
        {t('clusters.reachabilityText')}{' '}
        {broken.length > 0
          ? t('cluster.brokenWays', { count: broken.length })
          : null}
      </Text>
      {columns.length > 0 ? (
        <DataTable
          label={t('clusters.reachability')}
          rows={columns}
          rowKey={one => one.name}
          columns={[
            { id: 'from', label: t('clusters.from'), cell: one => one.name },
            ...columns.map(to => ({
              id: to.name,
              label: to.name,
              cell: (from: Cluster) => <Reached from={from} to={to.name} />,
            })),
          ]}
        />
      ) : null}
      {among.length > columns.length ? (
        <>
          <Text as="p" color="secondary" variant="body-small">
            {t('cluster.matrixCut', { most: String(MOST_COLUMNS) })}
          </Text>
          <BrokenWays ways={broken} />
        </>
      ) : null}
    </section>
  );
}

function BrokenWays(props: { ways: ReturnType<typeof brokenWays> }) {
  const { t } = useGnsTranslation();
  if (props.ways.length === 0) return null;
  const columns: DataColumn<(typeof props.ways)[number]>[] = [
    { id: 'from', label: t('clusters.from'), cell: way => way.from.name },
    { id: 'to', label: t('cluster.to'), cell: way => way.to },
    {
      id: 'found',
      label: t('clusters.state'),
      cell: way => <Reached from={way.from} to={way.to} />,
    },
  ];
  return (
    <DataTable
      label={t('cluster.broken')}
      columns={columns}
      rows={props.ways}
      rowKey={way => `${way.from.name} ${way.to}`}
    />
  );
}
